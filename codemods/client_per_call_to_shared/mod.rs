//! A client that is made anew for every item -> one client that all share.
//!
//! Source: <https://www.python-httpx.org/advanced/clients/>,
//! <https://docs.aiohttp.org/en/stable/client_quickstart.html#make-a-request>.

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall, StmtFunctionDef, StmtWith};
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::clients;
use crate::codemod::{Codemod, Context, Refusal, Role, UnitBuilder};
use crate::colour;
use crate::edit::Edit;
use crate::independence::Independence;
use crate::python::PythonVersion;
use crate::semantic::callee::{Callee, Callees};
use crate::semantic::{Model, NodeId, literal};
use crate::unit::Reason;

/// The codemod.
pub static CODEMOD: Codemod = Codemod {
    name: "client_per_call_to_shared",
    summary: "a client that is made in a loop, or in a function that one calls -> one that all share",
    readme: include_str!("README.md"),
    triggers: &[
        "AsyncClient",
        "ClientSession",
        "AsyncOpenAI",
        "AsyncAnthropic",
        "Redis",
    ],
    role: Role::Structure,
    outside_async: false,
    min_python: PythonVersion::PY38,
    declares: None,
    doubles: &[],
    reasons: &[
        &NOT_SHARED,
        &ENTERED,
        &ENDED,
        &ARGUMENTS,
        &PLACE,
        &FUNCTION,
        &CALLERS,
    ],
    declared: None,
    run,
};

/// It is made to be used by one task.
static NOT_SHARED: Reason = Reason {
    code: "not-to-be-shared",
    message: "connections and engines of databases hold transactions, and which of them may be shared is not known",
    help: "make a pool once, and take a connection for each item",
};

/// It is not a `with` statement of its own.
static ENTERED: Reason = Reason {
    code: "not-entered",
    message: "it is not made by an `async with` statement of its own, with a plain name",
    help: "write `async with ... as client:` round its uses",
};

/// Its own code ends it.
static ENDED: Reason = Reason {
    code: "client-ended",
    message: "its block closes or detaches it, and the next item would find it so",
    help: "leave closing to the `async with`, if the client is to be shared",
};

/// What it is made of differs.
static ARGUMENTS: Reason = Reason {
    code: "differs-by-item",
    message: "it is made with values of the loop or function, so it may be another one for each item",
    help: "pass what differs with each request instead",
};

/// A block would have no place.
static PLACE: Reason = Reason {
    code: "shared-place",
    message: "the block has no place: a comment stands on its first line, or the lines hold other statements",
    help: "put the `async with` on a line of its own",
};

/// The function cannot take the client.
static FUNCTION: Reason = Reason {
    code: "cannot-take-client",
    message: "the function that makes it cannot get it as an argument: it is a method, decorated, nested, or binds the name again",
    help: "hand the client in by hand",
};

/// Not all callers can make it.
static CALLERS: Reason = Reason {
    code: "callers-cannot-make-client",
    message: "a use of the function is no call that is awaited where it stands in an `async def`, so nobody could make the client there",
    help: "await the calls where they are made",
};

/// Methods after which a client takes no requests.
const ENDING: &[&str] = &["aclose", "close", "detach"];

/// How the result differs.
const NOTE: &str = "all items share one client, with its cookies, connections and limits; an error while it is opened or closed comes \
                    outside of the loop";

fn run(context: &mut Context<'_, '_>) {
    let model = context.model;
    let callees = Callees::new(model);
    let independence = Independence::new(model, &callees);
    let mut reports = Vec::new();
    for call in model.calls() {
        let Callee::Path(path) = callees.of(&call.func) else {
            continue;
        };
        if !clients::POOLS.contains(&path.as_str()) {
            continue;
        }
        let Some(repeated) = repeated(model, &callees, call) else {
            continue;
        };
        let result = match clients::SHARED.contains(&path.as_str()) {
            true => unit(context, &independence, call, repeated),
            false => Err((&NOT_SHARED).into()),
        };
        reports.push((call.range(), result));
    }
    for (anchor, result) in reports {
        context.report(anchor, result);
    }
}

/// What makes a client again and again.
enum Repeated<'a> {
    /// The loop or comprehension round it.
    Loop(NodeId),
    /// The function that makes it, which a loop calls.
    Function(&'a StmtFunctionDef),
}

fn repeated<'a>(
    model: &Model<'a>,
    callees: &Callees<'a, '_>,
    call: &'a ExprCall,
) -> Option<Repeated<'a>> {
    let node = model.id(call);
    if let Some(loop_) = model.repeats(node) {
        return Some(Repeated::Loop(loop_));
    }
    let function = match model.nodes.get(model.runner_node(node)?) {
        AnyNodeRef::StmtFunctionDef(function) => function,
        _ => return None,
    };
    let is_repeated = model.calls().any(|other| {
        model.repeats(model.id(other)).is_some()
            && matches!(callees.of(&other.func), Callee::Functions(functions)
                if functions.iter().any(|one| std::ptr::eq(*one, function)))
    });
    is_repeated.then_some(Repeated::Function(function))
}

/// The `async with` that makes a client, alone.
struct Entered<'a> {
    statement: &'a StmtWith,
    name: &'a str,
    body: TextRange,
}

fn entered<'a>(model: &Model<'a>, call: &'a ExprCall) -> Result<Entered<'a>, Refusal> {
    let statement = match model.nodes.get(model.statement_of(model.id(call))) {
        AnyNodeRef::StmtWith(with) if with.is_async => with,
        _ => return Err((&ENTERED).into()),
    };
    let [item] = &*statement.items else {
        return Err((&ENTERED).into());
    };
    let (true, Some(Expr::Name(name))) = (
        model.id(&item.context_expr) == model.id(call),
        item.optional_vars.as_deref(),
    ) else {
        return Err((&ENTERED).into());
    };
    let (Some(first), Some(last)) = (statement.body.first(), statement.body.last()) else {
        return Err((&ENTERED).into());
    };
    let header = TextRange::new(statement.start(), first.start());
    let is_plain = model.is_alone_on_its_lines(model.id(statement))
        && statement
            .body
            .iter()
            .all(|stmt| model.is_alone_on_its_lines(model.id(stmt)))
        && !model.has_comment(header)
        && !model.slice(call.range()).contains('\n');
    if !is_plain {
        return Err(Refusal::at(&PLACE, header));
    }
    Ok(Entered {
        statement,
        name: name.id.as_str(),
        body: model.block_range(model.id(first), model.id(last)),
    })
}

impl Entered<'_> {
    /// The edits that leave only its body.
    fn unwrapped(&self, model: &Model<'_>) -> Vec<Edit> {
        let header = TextRange::new(self.statement.start(), self.body.start());
        let columns = model.line_indent(self.body.start()).len()
            - model.line_indent(self.statement.start()).len();
        let mut edits = vec![Edit::delete(header)];
        edits.extend(model.dedent(self.body, columns));
        edits
    }

    fn header(&self, model: &Model<'_>, call: &ExprCall, name: &str) -> String {
        colour::async_with_header(&format!("{} as {name}", model.slice(call.range())))
    }
}

fn unit<'a, 'c>(
    context: &Context<'a, 'c>,
    independence: &Independence<'a, '_>,
    call: &'a ExprCall,
    repeated: Repeated<'a>,
) -> Result<UnitBuilder<'a, 'c>, Refusal> {
    let model = context.model;
    let entered = entered(model, call)?;
    let differs = literal::arguments(call).find(|value| !independence.only_reads(value));
    if let Some(differs) = differs {
        return Err(Refusal::at(&ARGUMENTS, differs.range()));
    }
    let ended = model.nodes.subtree(model.id(entered.statement)).find(|&node| {
        matches!(model.nodes.get(node), AnyNodeRef::ExprAttribute(attribute)
            if ENDING.contains(&attribute.attr.as_str())
                && matches!(attribute.value.as_ref(), Expr::Name(name) if name.id.as_str() == entered.name))
    });
    if let Some(ended) = ended {
        return Err(Refusal::at(&ENDED, model.nodes.range(ended)));
    }
    let mut unit = context.unit(call.range());
    match repeated {
        Repeated::Loop(loop_) => of_loop(model, &mut unit, call, &entered, loop_)?,
        Repeated::Function(function) => {
            of_function(context, &mut unit, call, &entered, function)?;
        }
    }
    unit.unsafe_because(call.range(), NOTE);
    Ok(unit)
}

/// The `async with` in a loop moves out of it.
fn of_loop(
    model: &Model<'_>,
    unit: &mut UnitBuilder<'_, '_>,
    call: &ExprCall,
    entered: &Entered<'_>,
    loop_: NodeId,
) -> Result<(), Refusal> {
    let range = model.nodes.range(loop_);
    if !matches!(
        model.nodes.get(loop_),
        AnyNodeRef::StmtFor(_) | AnyNodeRef::StmtWhile(_)
    ) || !model.is_alone_on_its_lines(loop_)
    {
        return Err((&PLACE).into());
    }
    // Names that the loop binds, or that may differ from turn to turn.
    for node in model.nodes.subtree(model.id(call)) {
        let Some(symbol) = model.scopes.symbol_of(node) else {
            continue;
        };
        let is_bound_inside = model
            .scopes
            .symbol(symbol)
            .bindings
            .iter()
            .any(|&binding| range.contains_range(model.scopes.binding(binding).range));
        if is_bound_inside {
            return Err(Refusal::at(&ARGUMENTS, model.nodes.range(node)));
        }
    }
    // The name holds nothing else, and nothing behind the loop reads the closed client.
    is_only_of(model, entered, range)?;
    let header = entered.header(model, call, entered.name);
    let block = model
        .wrap_statements(loop_, loop_, &header)
        .ok_or(Refusal::from(&PLACE))?;
    unit.edits(block);
    unit.edits(entered.unwrapped(model));
    unit.runs_in(loop_);
    Ok(())
}

/// The name of the client is bound by its statement alone, and used within `range`.
fn is_only_of(model: &Model<'_>, entered: &Entered<'_>, range: TextRange) -> Result<(), Refusal> {
    let target = entered.statement.items[0].optional_vars.as_deref();
    let symbol = target
        .and_then(|target| model.scopes.binding_at(model.id(target)))
        .map(|binding| model.scopes.symbol(model.scopes.binding(binding).symbol));
    let Some(symbol) = symbol.filter(|symbol| symbol.bindings.len() == 1) else {
        return Err((&FUNCTION).into());
    };
    match symbol
        .references
        .iter()
        .find(|&&node| !range.contains_range(model.nodes.range(node)))
    {
        Some(&outside) => Err(Refusal::at(&FUNCTION, model.nodes.range(outside))),
        None => Ok(()),
    }
}

/// The function takes the client, and its callers make it.
fn of_function<'a>(
    context: &Context<'a, '_>,
    unit: &mut UnitBuilder<'a, '_>,
    call: &ExprCall,
    entered: &Entered<'_>,
    function: &'a StmtFunctionDef,
) -> Result<(), Refusal> {
    let model = context.model;
    let node = model.id(function);
    let parent = model.nodes.parent_node(node);
    if !function.is_async
        || !function.decorator_list.is_empty()
        || !matches!(parent, AnyNodeRef::ModModule(_))
        || function.name.starts_with("__")
    {
        return Err(Refusal::at(&FUNCTION, function.name.range()));
    }
    let locals = literal::arguments(call).find(|value| clients::reads_locals(model, value));
    if let Some(locals) = locals {
        return Err(Refusal::at(&ARGUMENTS, locals.range()));
    }
    is_only_of(model, entered, function.range())?;
    let name = entered.name;
    let parameters = &function.parameters;
    let is_annotated = parameters.iter().any(|one| one.annotation().is_some());
    let parameter = match is_annotated {
        true => format!("{name}: {}", model.slice(call.func.range())),
        false => name.to_string(),
    };
    let first = parameters.iter().next().map(|one| one.start());
    unit.edit(put_first(model, parameters.range(), first, &parameter));
    unit.edits(entered.unwrapped(model));
    unit.confine(function.name.as_str());
    let calls = callers(model, function)?;
    let mut by_function: Vec<(NodeId, Vec<&'a ExprCall>)> = Vec::new();
    for called in calls {
        let runner = model.runner_node(model.id(called));
        let Some(runner) = runner.filter(|&runner| runner != node) else {
            return Err(Refusal::at(&CALLERS, called.range()));
        };
        match by_function.iter_mut().find(|(other, _)| *other == runner) {
            Some((_, calls)) => calls.push(called),
            None => by_function.push((runner, vec![called])),
        }
    }
    for (runner, calls) in by_function {
        let nodes: Vec<NodeId> = calls
            .iter()
            .map(|called| awaited_in(model, called))
            .collect::<Result<_, _>>()?;
        let refused = || Refusal::at(&CALLERS, calls[0].range());
        let (first, last) = model.block_of(runner, &nodes).ok_or_else(refused)?;
        let is_alone = model.is_alone_on_its_lines(first) && model.is_alone_on_its_lines(last);
        let block = model.block_range(first, last);
        if !is_alone
            || model
                .yield_in(block, runner, model.runner(nodes[0]))
                .is_some()
        {
            return Err(refused());
        }
        let name = model.free_name_at(name, &nodes);
        let header = entered.header(model, call, &name);
        unit.edits(
            model
                .wrap_statements(first, last, &header)
                .ok_or_else(refused)?,
        );
        unit.runs_in(nodes[0]);
        for called in calls {
            let first = called.arguments.iter_source_order().next();
            let first = first.map(|one| one.range().start());
            unit.edit(put_first(model, called.arguments.range(), first, &name));
        }
    }
    Ok(())
}

/// Puts something first into a list in parentheses, whose first element starts at `first`: on a line of its own, if that
/// does.
fn put_first(model: &Model<'_>, list: TextRange, first: Option<TextSize>, text: &str) -> Edit {
    let open = list.start() + TextSize::from(1);
    let Some(first) = first else {
        return Edit::insert(open, list, text);
    };
    let gap = model.slice(TextRange::new(open, first));
    let is_star = model
        .slice(list)
        .trim_start_matches('(')
        .trim_start()
        .starts_with('*');
    let separator = match gap.contains('\n') && gap.trim().is_empty() && !is_star {
        true => format!(",{}", gap.replace('\r', "")),
        false => ", ".to_string(),
    };
    let at = match is_star {
        true => open,
        false => first,
    };
    Edit::insert(at, list, format!("{text}{separator}"))
}

/// Every call of a function of the module, which is used for nothing else.
fn callers<'a>(
    model: &Model<'a>,
    function: &'a StmtFunctionDef,
) -> Result<Vec<&'a ExprCall>, Refusal> {
    let binding = model.scopes.binding_at(model.id(function));
    let symbol = binding.map(|binding| model.scopes.symbol(model.scopes.binding(binding).symbol));
    let Some(symbol) = symbol.filter(|symbol| symbol.bindings.len() == 1) else {
        return Err(Refusal::at(&FUNCTION, function.name.range()));
    };
    let quoted = model
        .string_literals()
        .find(|literal| literal.value.to_str() == function.name.as_str());
    if let Some(quoted) = quoted {
        return Err(Refusal::at(&CALLERS, quoted.range()));
    }
    symbol
        .references
        .iter()
        .map(|&node| match model.nodes.parent_node(node) {
            AnyNodeRef::ExprCall(call) if model.id(call.func.as_ref()) == node => Ok(call),
            _ => Err(Refusal::at(&CALLERS, model.nodes.range(node))),
        })
        .collect()
}

/// The node that has to lie in the block of the client: the call, which is awaited in its statement, or the `TaskGroup` block
/// that awaits it.
fn awaited_in(model: &Model<'_>, call: &ExprCall) -> Result<NodeId, Refusal> {
    let node = model.id(call);
    let refused = Refusal::at(&CALLERS, call.range());
    if !model.is_async(model.runner(node)) {
        return Err(refused);
    }
    for at in model.nodes.ancestors(node) {
        match model.nodes.get(at) {
            AnyNodeRef::ExprAwait(_) => return Ok(node),
            AnyNodeRef::StmtWith(with)
                if with.is_async
                    && with.items.iter().any(|item| {
                        item.context_expr.as_call_expr().is_some_and(|group| {
                            model.meaning(&group.func).path() == Some("asyncio.TaskGroup")
                        })
                    }) =>
            {
                return Ok(at);
            }
            AnyNodeRef::ExprLambda(_) | AnyNodeRef::StmtFunctionDef(_) => break,
            _ => {}
        }
    }
    Err(refused)
}
