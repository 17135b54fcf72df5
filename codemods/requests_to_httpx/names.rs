//! Every mention of requests in a file, and what it is.

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall, ExprSubscript};

use super::calls::Verb;
use crate::semantic::names::Meaning;
use crate::semantic::{BindingKind, Model, NodeId, Runner, literal};

/// One mention: a name, or the attribute chain that begins with it.
#[derive(Clone, Debug)]
pub struct Mention {
    /// The chain: `requests.exceptions.Timeout`.
    pub node: NodeId,
    /// What it means below requests, without the submodule: `Timeout`. Empty for the module itself.
    pub name: String,
    /// What runs it.
    pub runner: Runner,
    /// Whether the name may mean something else.
    pub is_ambiguous: bool,
}

/// What is done with a mention.
#[derive(Clone, Copy, Debug)]
pub enum Kind<'a> {
    /// `requests.get(...)`.
    Request(Verb, &'a ExprCall),
    /// `requests.get`, not called.
    VerbValue,
    /// `requests.Session()`.
    Session(&'a ExprCall),
    /// The type of an `except` clause, or a part of it; or an argument of `contextlib.suppress`.
    Caught,
    /// `raise requests.Timeout(...)`.
    Raised,
    /// An exception class in any other place.
    ExceptionValue,
    /// `requests.Request(...)`.
    Built(&'a ExprCall),
    /// `requests.codes.ok`.
    Code,
    /// `HTTPBasicAuth(...)`.
    Auth,
    /// The base of a class: `class Api(requests.Session)`.
    Base,
    /// `HTTPAdapter(...)`.
    Adapter,
    /// `Retry` of urllib3, which requests hands out.
    Retry,
    /// In the annotation of a local name.
    Annotation,
    /// Pure helpers that work without a request: they stay.
    Helper,
    /// Anything else.
    Other,
}

/// The submodules whose names the package re-exports.
const SUBMODULES: &[&str] = &[
    "api.",
    "exceptions.",
    "sessions.",
    "models.",
    "auth.",
    "adapters.",
    "status_codes.",
];

/// The class of adapters.
pub const ADAPTER: &str = "HTTPAdapter";

/// Whether a name below requests is the class `Retry` of urllib3.
pub fn is_retry(name: &str) -> bool {
    name == "Retry" || name.starts_with("packages.urllib3.") && name.ends_with(".Retry")
}

/// Parts of requests that make no request.
const HELPERS: &[&str] = &[
    "utils.",
    "compat.",
    "structures.",
    "packages.urllib3.disable_warnings",
    "urllib3.disable_warnings",
    "__version__",
];

/// Every mention of requests in the file, in source order.
pub fn mentions(model: &Model<'_>) -> Vec<Mention> {
    let mut mentions = below(model, "requests");
    for mention in &mut mentions {
        let name = mention.name.as_str();
        let below = SUBMODULES
            .iter()
            .find_map(|module| name.strip_prefix(module));
        if let Some(name) = below {
            mention.name = name.to_string();
        }
    }
    mentions
}

/// Every mention of a module in the file, in source order, with its whole name below the module.
pub fn below(model: &Model<'_>, module: &str) -> Vec<Mention> {
    let is_of = |path: &str| {
        path.strip_prefix(module)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    let mut mentions = Vec::new();
    for (id, symbol) in model.scopes.symbols() {
        let meaning = model.meaning_of_symbol(id);
        if !meaning.may_be(is_of) {
            continue;
        }
        let is_ambiguous = meaning.path().is_none();
        let paths = match meaning {
            Meaning::Path(path) => vec![path],
            Meaning::Ambiguous(paths) => paths,
            Meaning::Unknown => continue,
        };
        let Some(root) = paths.iter().find(|path| is_of(path)) else {
            continue;
        };
        for &name in &symbol.references {
            let (node, tail) = chain(model, name);
            let path = format!("{root}{tail}");
            let below = path.strip_prefix(module).unwrap_or_default();
            mentions.push(Mention {
                node,
                name: below.strip_prefix('.').unwrap_or(below).to_string(),
                runner: model.runner(node),
                is_ambiguous,
            });
        }
    }
    mentions.sort_by_key(|mention| model.nodes.range(mention.node).start());
    mentions
}

/// The longest attribute chain that begins with a name, and its text after the name.
fn chain(model: &Model<'_>, name: NodeId) -> (NodeId, String) {
    let mut node = name;
    let mut tail = String::new();
    while let AnyNodeRef::ExprAttribute(attribute) = model.nodes.parent_node(node) {
        node = model.id(attribute);
        tail.push('.');
        tail.push_str(attribute.attr.as_str());
    }
    (node, tail)
}

/// What is done with a mention.
pub fn kind<'a>(model: &Model<'a>, mention: &Mention) -> Kind<'a> {
    let parent = model.nodes.parent_node(mention.node);
    let call = match parent {
        AnyNodeRef::ExprCall(call) if model.id(call.func.as_ref()) == mention.node => Some(call),
        _ => None,
    };
    let name = mention.name.as_str();
    if let Some(verb) = Verb::of(name) {
        return match call {
            Some(call) => Kind::Request(verb, call),
            None => Kind::VerbValue,
        };
    }
    if matches!(name, "Session" | "session")
        && let Some(call) = call
    {
        return Kind::Session(call);
    }
    if name == "Session"
        && let AnyNodeRef::Arguments(arguments) = parent
        && matches!(
            model.nodes.parent_node(model.id(arguments)),
            AnyNodeRef::StmtClassDef(_)
        )
    {
        return Kind::Base;
    }
    if name == "Request"
        && let Some(call) = call
    {
        return Kind::Built(call);
    }
    if matches!(name, "HTTPBasicAuth" | "HTTPDigestAuth") && call.is_some() {
        return Kind::Auth;
    }
    if name == ADAPTER && call.is_some() {
        return Kind::Adapter;
    }
    if is_retry(name) {
        return Kind::Retry;
    }
    if matches!(name, "Response" | "Session") && is_local_annotation(model, mention.node) {
        return Kind::Annotation;
    }
    if name.starts_with("codes.") && name.matches('.').count() == 1
        || name == "codes" && code_of(model, mention.node).is_some()
    {
        return Kind::Code;
    }
    if name.is_empty()
        && let Some((verb, call)) = verb_by_name(model, mention.node)
    {
        return Kind::Request(verb, call);
    }
    if HELPERS.iter().any(|helper| name.starts_with(helper)) {
        return Kind::Helper;
    }
    if super::exceptions::is_exception(name) {
        return exception_kind(model, mention.node, call);
    }
    Kind::Other
}

/// `requests.codes["ok"]`: the subscript and the name in it.
pub fn code_of<'a>(model: &Model<'a>, node: NodeId) -> Option<(&'a ExprSubscript, &'a str)> {
    match model.nodes.parent_node(node) {
        AnyNodeRef::ExprSubscript(subscript) if model.id(subscript.value.as_ref()) == node => {
            Some((subscript, literal::string(&subscript.slice)?))
        }
        _ => None,
    }
}

/// `getattr(requests, verb)(url)`, of the module or of a session: the call, and a verb that does what the named ones do.
pub fn named_verb<'a>(model: &Model<'a>, node: NodeId) -> Option<(Verb, &'a ExprCall)> {
    let (verb, call) = looked_up(model, node)?;
    let verbs = strings(model, verb)?;
    let takes_body = verbs
        .iter()
        .all(|verb| matches!(*verb, "post" | "put" | "patch"));
    let is_known = verbs.iter().all(|verb| {
        matches!(
            *verb,
            "get" | "options" | "post" | "put" | "patch" | "delete"
        )
    });
    // `head` follows no redirects, and the others do.
    (is_known && !verbs.is_empty()).then_some((Verb::Named { takes_body }, call))
}

/// The same, whatever the verb: one that does not show is a request by name.
pub fn verb_by_name<'a>(model: &Model<'a>, node: NodeId) -> Option<(Verb, &'a ExprCall)> {
    named_verb(model, node).or_else(|| {
        let (verb, call) = looked_up(model, node)?;
        // One that shows is none of the verbs, or `head`.
        strings(model, verb)
            .is_none()
            .then_some((Verb::Dynamic, call))
    })
}

/// `getattr(object, name)(...)`: the name and the call.
fn looked_up<'a>(model: &Model<'a>, node: NodeId) -> Option<(&'a Expr, &'a ExprCall)> {
    let AnyNodeRef::Arguments(arguments) = model.nodes.parent_node(node) else {
        return None;
    };
    let AnyNodeRef::ExprCall(getattr) = model.nodes.parent_node(model.id(arguments)) else {
        return None;
    };
    let AnyNodeRef::ExprCall(call) = model.nodes.parent_node(model.id(getattr)) else {
        return None;
    };
    let [object, verb] = &*getattr.arguments.args else {
        return None;
    };
    let is_lookup = model.id(object) == node
        && model.id(call.func.as_ref()) == model.id(getattr)
        && getattr.arguments.keywords.is_empty()
        && model.meaning(&getattr.func).path() == Some("builtins.getattr");
    is_lookup.then_some((verb, call))
}

/// The strings that an expression may be: a literal, or the target of a loop over literals.
fn strings<'a>(model: &Model<'a>, expr: &'a Expr) -> Option<Vec<&'a str>> {
    if let Some(text) = literal::string(super::values::resolve(model, expr)) {
        return Some(vec![text]);
    }
    let Expr::Name(name) = expr else {
        return None;
    };
    let symbol = model.scopes.symbol_of(model.id(name))?;
    let mut found = Vec::new();
    for &binding in &model.scopes.symbol(symbol).bindings {
        let BindingKind::For { value } = model.scopes.binding(binding).kind else {
            return None;
        };
        let elements = match model.nodes.get(value) {
            AnyNodeRef::ExprTuple(tuple) => &tuple.elts,
            AnyNodeRef::ExprList(list) => &list.elts,
            AnyNodeRef::ExprSet(set) => &set.elts,
            _ => return None,
        };
        for element in elements {
            found.push(literal::string(element)?);
        }
    }
    Some(found)
}

fn exception_kind<'a>(model: &Model<'a>, node: NodeId, call: Option<&ExprCall>) -> Kind<'a> {
    let of = call.map_or(node, |call| model.id(call));
    if matches!(model.nodes.parent_node(of), AnyNodeRef::StmtRaise(_)) {
        return Kind::Raised;
    }
    if call.is_some() {
        return Kind::ExceptionValue;
    }
    let mut holder = model.nodes.parent(node);
    if matches!(model.nodes.get(holder), AnyNodeRef::ExprTuple(_)) {
        holder = model.nodes.parent(holder);
    }
    match model.nodes.get(holder) {
        AnyNodeRef::ExceptHandlerExceptHandler(_) => Kind::Caught,
        AnyNodeRef::Arguments(_) => match model.nodes.parent_node(holder) {
            AnyNodeRef::ExprCall(call) if is_suppress(model, call) || is_raises(model, call) => {
                Kind::Caught
            }
            _ => Kind::ExceptionValue,
        },
        _ => Kind::ExceptionValue,
    }
}

/// Whether a call is `pytest.raises(...)`.
pub fn is_raises(model: &Model<'_>, call: &ExprCall) -> bool {
    let is_method = || {
        matches!(&*call.func, Expr::Attribute(attribute)
        if attribute.attr.as_str() == "assertRaises"
            && matches!(&*attribute.value, Expr::Name(name) if name.id.as_str() == "self"))
    };
    model.meaning(&call.func).path() == Some("pytest.raises") || is_method()
}

/// Whether a call is `contextlib.suppress(...)`.
pub fn is_suppress(model: &Model<'_>, call: &ExprCall) -> bool {
    model.meaning(&call.func).path() == Some("contextlib.suppress")
}

/// Whether a node stands in the annotation of a local name.
fn is_local_annotation(model: &Model<'_>, node: NodeId) -> bool {
    let mut inner = node;
    for ancestor in model.nodes.ancestors(node) {
        if let AnyNodeRef::StmtAnnAssign(assign) = model.nodes.get(ancestor) {
            return model.id(assign.annotation.as_ref()) == inner
                && matches!(assign.target.as_ref(), Expr::Name(_));
        }
        if model.nodes.get(ancestor).is_statement() {
            return false;
        }
        inner = ancestor;
    }
    false
}
