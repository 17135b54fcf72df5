//! FastAPI and Starlette: `@app.on_event("startup")` -> one lifespan that calls the handlers.
//!
//! Source: <https://fastapi.tiangolo.com/advanced/events/>. An app with `lifespan=` calls no handler of events any more, in
//! silence: so all of them move, or none. Starlette 1.0 has no `on_event`.

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall, Stmt, StmtFunctionDef};
use ruff_text_size::{Ranged, TextRange};

use crate::codemod::{Codemod, Context, Refusal, Role, UnitBuilder};
use crate::colour;
use crate::edit::Edit;
use crate::python::PythonVersion;
use crate::semantic::scope::SymbolId;
use crate::semantic::{Model, NodeId, literal};
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
    reasons: &[&ELSEWHERE, &APP, &HANDLER],
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

const APPS: &[&str] = &[
    "fastapi.FastAPI",
    "fastapi.applications.FastAPI",
    "starlette.applications.Starlette",
];

/// The methods that register handlers.
const REGISTERS: &[&str] = &["on_event", "add_event_handler"];

/// A handler that a decorator registers.
struct Handler<'a> {
    function: &'a StmtFunctionDef,
    decorator: &'a Expr,
    is_startup: bool,
}

fn run(context: &mut Context<'_, '_>) {
    let model = context.model;
    let mut apps: Vec<(SymbolId, &ExprCall)> = Vec::new();
    for call in model.calls() {
        if model
            .meaning(&call.func)
            .path()
            .is_some_and(|path| APPS.contains(&path))
            && let Some(symbol) = target(model, call)
        {
            apps.push((symbol, call));
        }
    }
    // What registers handlers: with one of those apps, or with anything else.
    let registers: Vec<(Option<SymbolId>, NodeId)> = model
        .attributes()
        .filter(|attribute| REGISTERS.contains(&attribute.attr.as_str()))
        .map(|attribute| {
            let symbol = model.scopes.symbol_of(model.id(attribute.value.as_ref()));
            let own = symbol.filter(|symbol| apps.iter().any(|(app, _)| app == symbol));
            (own, model.id(attribute))
        })
        .collect();
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

/// The name that a call is assigned to, in a statement of its own.
fn target(model: &Model<'_>, call: &ExprCall) -> Option<SymbolId> {
    let target = match model.nodes.parent_node(model.id(call)) {
        AnyNodeRef::StmtAssign(assign) => match &*assign.targets {
            [Expr::Name(name)] => name,
            _ => return None,
        },
        AnyNodeRef::StmtAnnAssign(assign) => assign.target.as_name_expr()?,
        _ => return None,
    };
    model.scopes.symbol_of(model.id(target))
}

fn unit<'a, 'c>(
    context: &Context<'a, 'c>,
    app: SymbolId,
    call: &'a ExprCall,
    registers: &[NodeId],
) -> Result<UnitBuilder<'a, 'c>, Refusal> {
    let model = context.model;
    if let Some(word) = REGISTERS
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
    let handlers: Vec<Handler<'a>> = registers
        .iter()
        .map(|&node| handler(model, statement, node))
        .collect::<Result<_, _>>()?;
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
                if !one.function.is_async && is_settled(model, one.function) {
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
    let blank = blank_lines(model, statement);
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

/// The handler that an `app.on_event` registers, as a decorator.
fn handler<'a>(model: &Model<'a>, app: NodeId, register: NodeId) -> Result<Handler<'a>, Refusal> {
    let refuse = |range: TextRange| Err(Refusal::at(&HANDLER, range));
    let range = model.nodes.range(register);
    let call = model.nodes.parent(register);
    let decorator = model.nodes.parent(call);
    let AnyNodeRef::Decorator(decorator_) = model.nodes.get(decorator) else {
        return refuse(range);
    };
    let (AnyNodeRef::ExprCall(made), AnyNodeRef::StmtFunctionDef(function)) =
        (model.nodes.get(call), model.nodes.parent_node(decorator))
    else {
        return refuse(range);
    };
    let is_startup = match (
        made.arguments.args.first().and_then(literal::string),
        made.arguments.len(),
    ) {
        (Some("startup"), 1) => true,
        (Some("shutdown"), 1) => false,
        _ => return refuse(made.range()),
    };
    let body = |statement: NodeId| {
        model
            .suite_of(statement)
            .map(|(body, _): (&[Stmt], usize)| body.as_ptr())
    };
    let statement = model.id(function);
    let is_beside = body(statement).is_some() && body(statement) == body(app);
    let is_single = model
        .scopes
        .named(function.name.as_str())
        .iter()
        .map(|&symbol| model.scopes.symbol(symbol))
        .filter(|symbol| {
            let binds = |binding: &_| model.scopes.binding(*binding).node == statement;
            symbol.bindings.iter().any(binds)
        })
        .all(|symbol| symbol.bindings.len() == 1);
    let parameters = &function.parameters;
    let takes = parameters
        .iter_non_variadic_params()
        .any(|parameter| parameter.default.is_none());
    if !is_beside
        || !is_single
        || takes
        || model
            .yield_in(
                function.range(),
                statement,
                model.runner(body_node(model, function)),
            )
            .is_some()
    {
        return refuse(function.name.range());
    }
    Ok(Handler {
        function,
        decorator: &decorator_.expression,
        is_startup,
    })
}

/// A node that a function runs.
fn body_node(model: &Model<'_>, function: &StmtFunctionDef) -> NodeId {
    function
        .body
        .first()
        .map_or(model.id(function), |first| model.id(first))
}

/// The blank lines before a statement; `None` where it is the first of its body.
fn blank_lines(model: &Model<'_>, statement: NodeId) -> Option<usize> {
    let (_, index) = model.suite_of(statement)?;
    if index == 0 {
        return None;
    }
    let before = &model.text[..model
        .line_start(model.nodes.range(statement).start())
        .to_usize()];
    let blank = before
        .lines()
        .rev()
        .take_while(|line| line.trim().is_empty());
    Some(blank.count())
}

/// Whether nothing that a function calls can become awaited: builtins, logging, and methods of what the file writes as a
/// display.
fn is_settled(model: &Model<'_>, function: &StmtFunctionDef) -> bool {
    model
        .nodes
        .subtree(model.id(function))
        .all(|node| match model.nodes.get(node) {
            AnyNodeRef::ExprCall(call) => is_decorator(model, node) || is_plain_call(model, call),
            AnyNodeRef::StmtWith(_) | AnyNodeRef::StmtFor(_) => false,
            _ => true,
        })
}

fn is_decorator(model: &Model<'_>, call: NodeId) -> bool {
    matches!(model.nodes.parent_node(call), AnyNodeRef::Decorator(_))
}

fn is_plain_call(model: &Model<'_>, call: &ExprCall) -> bool {
    let meaning = model.meaning(&call.func);
    if let Some(path) = meaning.path() {
        return path.starts_with("builtins.") || path.starts_with("logging.");
    }
    let Expr::Attribute(attribute) = call.func.as_ref() else {
        return false;
    };
    let symbol = model.scopes.symbol_of(model.id(attribute.value.as_ref()));
    symbol.is_some_and(|symbol| {
        let bindings = &model.scopes.symbol(symbol).bindings;
        !bindings.is_empty()
            && bindings.iter().all(|&binding| {
                let statement = model.nodes.parent(model.scopes.binding(binding).node);
                let value = match model.nodes.get(statement) {
                    AnyNodeRef::StmtAssign(assign) => Some(assign.value.as_ref()),
                    AnyNodeRef::StmtAnnAssign(assign) => assign.value.as_deref(),
                    _ => None,
                };
                value.is_some_and(|value| match value {
                    Expr::Dict(_) | Expr::List(_) | Expr::Set(_) => true,
                    Expr::Call(made) => {
                        model.meaning(&made.func).path() == Some("logging.getLogger")
                    }
                    _ => false,
                })
            })
    })
}
