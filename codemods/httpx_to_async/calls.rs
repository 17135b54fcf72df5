//! The functions of the module: `httpx.get(url)` -> `await client.get(url)` in a block with a client.
//!
//! Each of them makes a client of its own, with some of its arguments, and hands on the rest (`httpx/_api.py`). One client
//! serves all calls of a function.

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall, ExprRef, Keyword, Stmt};
use ruff_text_size::{Ranged, TextRange};
use rustc_hash::FxHashMap;

use super::members::{CLIENT_ARGUMENTS, VERBS};
use super::{body, reasons, response};
use crate::codemod::{AMBIGUOUS_BINDING, Context, Refusal, USED_AS_VALUE, UnitBuilder};
use crate::edit::Edit;
use crate::semantic::{BindingKind, Model, NodeId, Runner, literal};
use crate::unit::ImportRequest;
use crate::{colour, solve};

/// One call of the module.
#[derive(Clone, Copy, Debug)]
struct Request<'a> {
    /// The function's name.
    verb: &'static str,
    /// The call.
    call: &'a ExprCall,
}

/// Looks for calls of the functions of this module.
pub fn run(context: &mut Context<'_, '_>, module: &'static str) {
    let model = context.model;
    let mut order: Vec<NodeId> = Vec::new();
    let mut by_owner: FxHashMap<NodeId, Vec<(NodeId, &'static str)>> = FxHashMap::default();
    for (node, verb) in mentions(model, module) {
        let range = model.nodes.range(node);
        let owner = match model.runner(node) {
            Runner::Function(_) => model.runner_node(node),
            Runner::Module => guard(context, node),
            Runner::Class => {
                context.skip(range, &colour::CLASS_BODY, None);
                continue;
            }
        };
        let Some(owner) = owner else {
            context.skip(range, &solve::MODULE_LEVEL, None);
            continue;
        };
        let own = by_owner.entry(owner).or_default();
        if own.is_empty() {
            order.push(owner);
        }
        own.push((node, verb));
    }
    for owner in order {
        let own = by_owner.remove(&owner).unwrap_or_default();
        let anchor = model.nodes.range(own[0].0);
        let result = unit(context, module, owner, &own);
        context.report(anchor, result);
    }
}

/// The main guard round a node, if its body can become the function with which the program begins.
fn guard(context: &Context<'_, '_>, node: NodeId) -> Option<NodeId> {
    let model = context.model;
    let statement = colour::statement_of(model, node);
    match model.parsed.syntax().body.get(statement) {
        Some(Stmt::If(if_))
            if context.is_async(node)
                && literal::is_main_guard(&if_.test)
                && model.is_in_suite(node, &if_.body) =>
        {
            Some(model.id(if_))
        }
        _ => None,
    }
}

/// The names of the module's functions, in source order.
fn mentions(model: &Model<'_>, module: &str) -> Vec<(NodeId, &'static str)> {
    let mut found = Vec::new();
    for node in model.nodes.all() {
        let Some(expr @ (ExprRef::Name(_) | ExprRef::Attribute(_))) = model.expr(node) else {
            continue;
        };
        let meaning = model.meaning_of(expr);
        let verb = VERBS.iter().chain(&["stream"]).find(|verb| {
            meaning.may_be(|path| {
                path.strip_prefix(module)
                    .and_then(|below| below.strip_prefix('.'))
                    == Some(**verb)
            })
        });
        if let Some(verb) = verb {
            found.push((node, *verb));
        }
    }
    found
}

fn unit<'a, 'c>(
    context: &Context<'a, 'c>,
    module: &'static str,
    owner: NodeId,
    own: &[(NodeId, &'static str)],
) -> Result<UnitBuilder<'a, 'c>, Refusal> {
    let model = context.model;
    if let AnyNodeRef::ExprLambda(lambda) = model.nodes.get(owner) {
        return Err(Refusal::at(&colour::LAMBDA, lambda.range()));
    }
    let mut requests: Vec<Request<'a>> = Vec::new();
    for &(node, verb) in own {
        let range = model.nodes.range(node);
        let named =
            |reason| Refusal::with_detail(reason, range, format!("`{}`", model.slice(range)));
        let is_certain = model
            .expr(node)
            .is_some_and(|expr| model.meaning_of(expr).path().is_some());
        if !is_certain {
            return Err(named(&AMBIGUOUS_BINDING));
        }
        if model.has_comment(range) {
            return Err(named(&reasons::COMMENT));
        }
        match model.nodes.parent_node(node) {
            AnyNodeRef::ExprCall(call) if model.id(call.func.as_ref()) == node => {
                requests.push(Request { verb, call });
            }
            _ => return Err(named(&USED_AS_VALUE)),
        }
    }
    let calls: Vec<NodeId> = requests
        .iter()
        .map(|request| model.id(request.call))
        .collect();
    let anchor = requests[0].call;
    let (first, last) = model
        .block_of(owner, &calls)
        .ok_or_else(|| Refusal::at(&reasons::NO_PLACE, anchor.range()))?;
    let range = TextRange::new(
        model.nodes.range(first).start(),
        model.nodes.range(last).end(),
    );
    let mut unit = context.unit(anchor.range());
    let client = model.free_name_at("client", &calls);
    let own_arguments = client_arguments(model, &requests, range)?;
    for request in &requests {
        rewrite(context, request, &client, &mut unit)?;
    }
    let name = constructor_name(context, module, own, &mut unit)?;
    let text = format!("{name}({}) as {client}", own_arguments.join(", "));
    place(context, &requests, (first, last), &text, owner, &mut unit)?;
    if requests.len() > 1 {
        unit.note(
            anchor.range(),
            "the requests share one client, and with it the cookies that a server sets",
        );
    }
    Ok(unit)
}

/// How the file names the class.
fn constructor_name<'a, 'c>(
    context: &Context<'a, 'c>,
    module: &'static str,
    own: &[(NodeId, &'static str)],
    unit: &mut UnitBuilder<'a, 'c>,
) -> Result<String, Refusal> {
    let model = context.model;
    for &(node, _) in own {
        if let AnyNodeRef::ExprAttribute(attribute) = model.nodes.get(node) {
            let prefix = model.slice(attribute.value.range());
            // The name of the module that stands there already.
            if attribute.value.is_name_expr() {
                return Ok(format!("{prefix}.AsyncClient"));
            }
        }
    }
    unit.import(ImportRequest::Module(module), own[0].0)?;
    Ok(format!("{module}.AsyncClient"))
}

/// Writes the block: round the statements, or into the `with` statement of a stream.
fn place<'a, 'c>(
    context: &Context<'a, 'c>,
    requests: &[Request<'a>],
    (first, last): (NodeId, NodeId),
    text: &str,
    owner: NodeId,
    unit: &mut UnitBuilder<'a, 'c>,
) -> Result<(), Refusal> {
    let model = context.model;
    if let ([request], AnyNodeRef::StmtWith(with)) = (requests, model.nodes.get(first))
        && first == last
        && let Some(item) = with
            .items
            .iter()
            .find(|item| model.id(&item.context_expr) == model.id(request.call))
        && !model.has_comment(TextRange::new(with.start(), item.end()))
    {
        unit.edit(Edit::insert(
            item.start(),
            item.range(),
            format!("{text}, "),
        ));
        return Ok(());
    }
    let range = TextRange::new(
        model.nodes.range(first).start(),
        model.nodes.range(last).end(),
    );
    if let Some(yield_) = model.yield_in(range, owner, model.runner(first)) {
        return Err(Refusal::at(&reasons::YIELDS, model.nodes.range(yield_)));
    }
    let header = colour::async_with_header(text);
    let edits = model
        .wrap_statements(first, last, &header)
        .ok_or_else(|| Refusal::at(&reasons::NO_PLACE, model.nodes.range(first)))?;
    unit.edits(edits);
    unit.runs_in(first);
    Ok(())
}

/// Rewrites one call.
fn rewrite<'a, 'c>(
    context: &Context<'a, 'c>,
    request: &Request<'a>,
    client: &str,
    unit: &mut UnitBuilder<'a, 'c>,
) -> Result<(), Refusal> {
    let model = context.model;
    let call = request.call;
    if literal::has_starred(call) {
        return Err(Refusal::at(&reasons::STARRED, call.arguments.range()));
    }
    body::check(model, call)?;
    // Neighbours go together: each would take the comma between them.
    let runs = call
        .arguments
        .keywords
        .chunk_by(|one, other| is_of_client(one) && is_of_client(other))
        .filter(|run| is_of_client(&run[0]));
    for run in runs {
        let range = TextRange::new(run[0].start(), run[run.len() - 1].end());
        let edit = model.drop_argument(call, range).ok_or_else(|| {
            Refusal::with_detail(
                &reasons::CLIENT_ARGUMENT,
                range,
                "a comment stands beside it",
            )
        })?;
        unit.edit(edit);
    }
    let func = model.id(call.func.as_ref());
    let text = format!("{client}.{}", request.verb);
    match call.func.as_ref() {
        // The name of the module is needed for the constructor.
        Expr::Attribute(_) => {
            unit.edit(Edit::replace(call.func.range(), text));
            unit.renames(call.func.range());
        }
        _ => unit.rename(func, text),
    }
    if request.verb != "stream" {
        unit.await_(call)?;
        return response::plain(context, call, unit);
    }
    let Some((statement, item)) = response::entered(context, model.id(call)) else {
        return Err(Refusal::at(&reasons::STREAM, call.range()));
    };
    if let AnyNodeRef::StmtWith(with) = model.nodes.get(statement) {
        unit.async_with(with, item)?;
    }
    response::streamed(context, call, unit)
}

fn is_of_client(keyword: &Keyword) -> bool {
    keyword
        .arg
        .as_ref()
        .is_some_and(|name| CLIENT_ARGUMENTS.contains(&name.as_str()))
}

/// What the client is told: the arguments that all calls agree on.
fn client_arguments(
    model: &Model<'_>,
    requests: &[Request<'_>],
    block: TextRange,
) -> Result<Vec<String>, Refusal> {
    let of = |request: &Request<'_>| -> Vec<(String, String, TextRange)> {
        request
            .call
            .arguments
            .keywords
            .iter()
            .filter(|keyword| is_of_client(keyword))
            .filter_map(|keyword| {
                let name = keyword.arg.as_ref()?.to_string();
                let text = model.slice(keyword.range()).to_string();
                Some((name, text, keyword.range()))
            })
            .collect()
    };
    let refuse = |range: TextRange, name: &str| {
        Refusal::with_detail(&reasons::CLIENT_ARGUMENT, range, format!("`{name}=`"))
    };
    let first = of(&requests[0]);
    for request in requests {
        let own = of(request);
        let differs = own
            .iter()
            .find(|(_, text, _)| !first.iter().any(|(_, other, _)| other == text))
            .or_else(|| {
                first
                    .iter()
                    .find(|(_, text, _)| !own.iter().any(|(_, other, _)| other == text))
            });
        if let Some((name, _, range)) = differs {
            return Err(refuse(*range, name));
        }
        for keyword in &request.call.arguments.keywords {
            let Some(name) = keyword.arg.as_ref().filter(|_| is_of_client(keyword)) else {
                continue;
            };
            // A jar collects what servers set, and one client would hand it on.
            let is_shared = requests.len() > 1 && name.as_str() == "cookies";
            if is_shared
                || !can_move(model, &keyword.value, block)
                || model.slice(keyword.range()).contains('\n')
            {
                return Err(refuse(keyword.range(), name));
            }
        }
    }
    Ok(first.into_iter().map(|(_, text, _)| text).collect())
}

/// Whether an expression gives the same at the top of a block: literals, and names that the block does not bind.
fn can_move(model: &Model<'_>, expr: &Expr, block: TextRange) -> bool {
    match expr {
        Expr::Name(name) => {
            let Some(symbol) = model.scopes.symbol_of(model.id(name)) else {
                return true;
            };
            let symbol = model.scopes.symbol(symbol);
            symbol.bindings.iter().all(|&binding| {
                let binding = model.scopes.binding(binding);
                !block.contains_range(binding.range)
                    && !matches!(binding.kind, BindingKind::Deleted)
            })
        }
        Expr::Attribute(attribute) => can_move(model, &attribute.value, block),
        Expr::Tuple(tuple) => tuple.elts.iter().all(|one| can_move(model, one, block)),
        Expr::Dict(dict) => dict.items.iter().all(|item| {
            item.key
                .as_ref()
                .is_some_and(|key| can_move(model, key, block))
                && can_move(model, &item.value, block)
        }),
        _ => expr.is_literal_expr(),
    }
}
