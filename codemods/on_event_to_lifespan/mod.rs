//! FastAPI and Starlette: `@app.on_event("startup")` -> one lifespan that calls the handlers.
//!
//! Source: <https://fastapi.tiangolo.com/advanced/events/>. An app with `lifespan=` calls no handler of events any more, in
//! silence: so all of them move, or none. Starlette 1.0 has no `on_event`.

use ruff_python_ast::{AnyNodeRef, ExprCall};
use ruff_text_size::Ranged;

use crate::codemod::{Codemod, Context, Refusal, Role, UnitBuilder};
use crate::colour;
use crate::edit::Edit;
use crate::events;
use crate::python::PythonVersion;
use crate::semantic::scope::SymbolId;
use crate::semantic::{NodeId, literal};
use crate::unit::{ImportRequest, Reason};

/// The codemod.
pub static CODEMOD: Codemod = Codemod {
    name: "on_event_to_lifespan",
    summary: "FastAPI and Starlette: @app.on_event(\"startup\") -> a lifespan",
    readme: include_str!("README.md"),
    triggers: &["on_event"],
    role: Role::Follower,
    outside_async: true,
    min_python: PythonVersion::PY38,
    declares: None,
    doubles: &[],
    reasons: &[&ELSEWHERE, &APP, &HANDLER, &TABLES],
    declared: None,
    run,
};

/// Not all handlers are in sight.
static ELSEWHERE: Reason = Reason {
    code: "handlers-elsewhere",
    message: "an app with a lifespan calls no other handler of events, and not all of them are in sight",
    help: "register all handlers of events with one app in one file, or write the lifespan by hand",
};

/// The app is made in a way that takes no lifespan.
static APP: Reason = Reason {
    code: "lifespan-app",
    message: "the app is not made by one plain call, or has a lifespan already",
    help: "make it with `app = FastAPI(...)`, without `lifespan`, `on_startup` and `on_shutdown`",
};

/// A handler that a lifespan cannot call by its name.
static HANDLER: Reason = Reason {
    code: "lifespan-handler",
    message: "the lifespan could not call this handler of events by its name",
    help: "define it once, without parameters, beside the app, and name one event in a decorator of its own line",
};

/// Whether the tables are made by the lifespan, too, is decided with the engine, and must not be decided by a second run.
static TABLES: Reason = Reason {
    code: "lifespan-tables",
    message: "the module makes tables when it is imported, and no handler of the start could come to make them",
    help: "make the tables in a handler of the startup, or write the lifespan by hand",
};

fn run(context: &mut Context<'_, '_>) {
    let model = context.model;
    let mut apps: Vec<(SymbolId, &ExprCall)> = Vec::new();
    for call in model.calls() {
        if model
            .meaning(&call.func)
            .path()
            .is_some_and(|path| events::APPS.contains(&path))
            && let Some(symbol) = events::target(model, call)
        {
            apps.push((symbol, call));
        }
    }
    let registers = events::registers(model, |symbol| apps.iter().any(|(app, _)| *app == symbol));
    for (app, call) in &apps {
        let own: Vec<NodeId> = registers
            .iter()
            .filter(|(of, _)| of.as_ref() == Some(app))
            .map(|(_, node)| *node)
            .collect();
        let Some(&first) = own.first() else {
            continue;
        };
        let foreign = registers.iter().find(|(of, _)| of.as_ref() != Some(app));
        let result = match foreign {
            Some((_, other)) => Err(Refusal::at(&ELSEWHERE, model.nodes.range(*other))),
            None => unit(context, *app, call, &own),
        };
        context.report(model.nodes.range(first), result);
    }
}

fn unit<'a, 'c>(
    context: &Context<'a, 'c>,
    app: SymbolId,
    call: &'a ExprCall,
    registers: &[NodeId],
) -> Result<UnitBuilder<'a, 'c>, Refusal> {
    let model = context.model;
    if let Some(word) = events::REGISTERS
        .iter()
        .find(|word| context.is_named_elsewhere(word))
    {
        let detail = format!("another file has `{word}`");
        return Err(Refusal::with_detail(&ELSEWHERE, call.range(), detail));
    }
    let taken = ["lifespan", "on_startup", "on_shutdown"];
    let has = |name: &&str| literal::keyword(call, name).is_some();
    let statement = model.nodes.parent(model.id(call));
    if model.scopes.symbol(app).bindings.len() > 1
        || literal::has_starred(call)
        || taken.iter().any(has)
    {
        return Err(Refusal::at(&APP, model.nodes.range(statement)));
    }
    let handlers: Vec<events::Handler<'a>> = registers
        .iter()
        .map(|&node| {
            events::handler(model, statement, node).map_err(|range| Refusal::at(&HANDLER, range))
        })
        .collect::<Result<_, _>>()?;
    let tables = match events::makes_tables(model) {
        true => match events::table_maker(model, &handlers) {
            Some(maker) => Some(model.id(maker.function)),
            None => return Err(Refusal::at(&TABLES, model.nodes.range(registers[0]))),
        },
        false => None,
    };
    let name = model.free_name("lifespan", statement, &[]);
    let unit_range = model.nodes.range(registers[0]);
    let mut unit = context.unit(unit_range);
    let functions = model.scopes.functions();
    let mut calls = |is_startup: bool| -> Vec<String> {
        let wanted = handlers.iter().filter(|one| one.is_startup == is_startup);
        wanted
            .map(|one| {
                let made = format!("{}()", one.function.name);
                let id = model.id(one.function);
                if !one.function.is_async
                    && tables != Some(id)
                    && events::is_settled(model, one.function)
                {
                    return made;
                }
                // What it calls may become awaited, and it async with that.
                if !one.function.is_async
                    && let Some(index) = functions.iter().position(|own| own.node == id)
                {
                    unit.needs_async(index as u32);
                }
                colour::awaited(&made)
            })
            .collect()
    };
    let (starts, stops) = (calls(true), calls(false));
    let indent = model.indent_unit();
    let class = model.slice(call.func.range());
    let mut lines = vec![
        "@asynccontextmanager".to_string(),
        colour::async_def_header(&name, &format!("app: {class}")),
    ];
    lines.extend(starts.iter().map(|line| format!("{indent}{line}")));
    if stops.is_empty() {
        lines.push(format!("{indent}yield"));
    } else {
        lines.push(format!("{indent}try:"));
        lines.push(format!("{indent}{indent}yield"));
        lines.push(format!("{indent}finally:"));
        lines.extend(stops.iter().map(|line| format!("{indent}{indent}{line}")));
    }
    let blank = model.blank_lines_before(statement);
    let wanted = match model.nodes.parent_node(statement) {
        AnyNodeRef::ModModule(_) => 2,
        _ => 1,
    };
    let mut all = vec![String::new(); wanted - blank.unwrap_or(wanted).min(wanted)];
    all.append(&mut lines);
    all.extend(vec![String::new(); wanted]);
    let Some(edits) = model.hoist(statement, &all) else {
        return Err(Refusal::at(&APP, model.nodes.range(statement)));
    };
    unit.edits(edits);
    unit.edit(model.append_argument(call, &format!("lifespan={name}")));
    for one in &handlers {
        let Some(lines) = colour::decorator_lines(model, one.decorator) else {
            return Err(Refusal::at(&HANDLER, one.decorator.range()));
        };
        unit.edit(Edit::delete(lines));
    }
    let import = ImportRequest::Name {
        module: "contextlib",
        name: "asynccontextmanager",
    };
    unit.import(import, model.id(call))?;
    Ok(unit)
}
