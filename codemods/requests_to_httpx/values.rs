//! What the source shows of a value: its type, its parts, whether it can hold a query.

use ruff_python_ast::{
    self as ast, AnyNodeRef, Expr, ExprContext, InterpolatedStringElement, Operator,
};

use crate::semantic::{BindingKind, Model, NodeId, literal};

/// How many names are looked through.
const DEPTH: usize = 8;

/// The type of a value, as far as it shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// `str`.
    Text,
    /// `bytes`.
    Bytes,
    /// `int` or `float`, not `bool`.
    Number,
    /// A dictionary.
    Dict,
    /// Not visible.
    Unknown,
}

/// What a name stands for: the value that it is bound to, where there is one binding in all.
pub fn resolve<'a>(model: &Model<'a>, expr: &'a Expr) -> &'a Expr {
    let mut at = expr;
    for _ in 0..DEPTH {
        let Expr::Name(name) = at else {
            return at;
        };
        let Some(symbol) = model.scopes.symbol_of(model.id(name)) else {
            return at;
        };
        let [binding] = model.scopes.symbol(symbol).bindings[..] else {
            return at;
        };
        let BindingKind::Assign { value } = model.scopes.binding(binding).kind else {
            return at;
        };
        match expr_of(model, value) {
            Some(value) => at = value,
            None => return at,
        }
    }
    at
}

/// The expression of a bound value: the right side of its statement.
fn expr_of<'a>(model: &Model<'a>, value: NodeId) -> Option<&'a Expr> {
    let expr = match model.nodes.parent_node(value) {
        AnyNodeRef::StmtAssign(assign) => assign.value.as_ref(),
        AnyNodeRef::StmtAnnAssign(assign) => assign.value.as_deref()?,
        AnyNodeRef::ExprNamed(named) => named.value.as_ref(),
        _ => return None,
    };
    (model.id(expr) == value).then_some(expr)
}

/// The type of a value.
pub fn type_of(model: &Model<'_>, expr: &Expr) -> Type {
    type_within(model, expr, DEPTH)
}

fn type_within(model: &Model<'_>, expr: &Expr, depth: usize) -> Type {
    if depth == 0 {
        return Type::Unknown;
    }
    let inner = |expr: &Expr| type_within(model, expr, depth - 1);
    match expr {
        Expr::StringLiteral(_) | Expr::FString(_) => Type::Text,
        Expr::BytesLiteral(_) => Type::Bytes,
        Expr::NumberLiteral(_) => Type::Number,
        Expr::Dict(_) | Expr::DictComp(_) => Type::Dict,
        Expr::UnaryOp(unary) if matches!(unary.op, ast::UnaryOp::USub | ast::UnaryOp::UAdd) => {
            inner(&unary.operand)
        }
        Expr::BinOp(binary) => match (binary.op, inner(&binary.left), inner(&binary.right)) {
            (Operator::Mod, Type::Text, _) => Type::Text,
            (Operator::Add, Type::Text, _) | (Operator::Add, _, Type::Text) => Type::Text,
            (Operator::Add, Type::Bytes, _) | (Operator::Add, _, Type::Bytes) => Type::Bytes,
            (_, Type::Number, Type::Number) => Type::Number,
            _ => Type::Unknown,
        },
        Expr::If(if_) => {
            let body = inner(&if_.body);
            if body == inner(&if_.orelse) {
                body
            } else {
                Type::Unknown
            }
        }
        Expr::Call(call) => call_type(model, call, depth),
        Expr::Name(name) => name_type(model, name, depth),
        _ => Type::Unknown,
    }
}

/// Functions whose result has one type.
const RESULTS: &[(&str, Type)] = &[
    ("builtins.str", Type::Text),
    ("builtins.repr", Type::Text),
    ("builtins.hex", Type::Text),
    ("builtins.int", Type::Number),
    ("builtins.float", Type::Number),
    ("builtins.len", Type::Number),
    ("builtins.dict", Type::Dict),
    ("builtins.bytes", Type::Bytes),
    ("json.dumps", Type::Text),
    ("urllib.parse.quote", Type::Text),
    ("urllib.parse.quote_plus", Type::Text),
    ("urllib.parse.urlencode", Type::Text),
    ("time.time", Type::Number),
];

/// Methods whose result has one type, whatever they are called on in practice.
const METHODS: &[(&str, Type)] = &[
    ("encode", Type::Bytes),
    ("decode", Type::Text),
    ("isoformat", Type::Text),
    ("strftime", Type::Text),
    // Of a file: text or bytes, which a request takes alike.
    ("read", Type::Bytes),
];

/// Methods of `str` that give `str`.
const TEXT_METHODS: &[&str] = &[
    "format", "join", "lower", "lstrip", "replace", "rstrip", "strip", "title", "upper", "zfill",
];

fn call_type(model: &Model<'_>, call: &ast::ExprCall, depth: usize) -> Type {
    if let Some(path) = model.meaning(&call.func).path()
        && let Some((_, found)) = RESULTS.iter().find(|(name, _)| *name == path)
    {
        return *found;
    }
    let Expr::Attribute(attribute) = call.func.as_ref() else {
        return Type::Unknown;
    };
    let name = attribute.attr.as_str();
    if let Some((_, found)) = METHODS.iter().find(|(method, _)| *method == name) {
        return *found;
    }
    if TEXT_METHODS.contains(&name) && type_within(model, &attribute.value, depth - 1) == Type::Text
    {
        return Type::Text;
    }
    Type::Unknown
}

fn name_type(model: &Model<'_>, name: &ast::ExprName, depth: usize) -> Type {
    let Some(symbol) = model.scopes.symbol_of(model.id(name)) else {
        return Type::Unknown;
    };
    let [binding] = model.scopes.symbol(symbol).bindings[..] else {
        return Type::Unknown;
    };
    let binding = model.scopes.binding(binding);
    match binding.kind {
        BindingKind::Assign { value } => expr_of(model, value)
            .map_or(Type::Unknown, |value| type_within(model, value, depth - 1)),
        BindingKind::For { value } => match model.nodes.get(value) {
            AnyNodeRef::ExprCall(call)
                if model.meaning(&call.func).path() == Some("builtins.range") =>
            {
                Type::Number
            }
            _ => Type::Unknown,
        },
        BindingKind::Parameter => {
            let AnyNodeRef::Parameter(parameter) = model.nodes.get(binding.node) else {
                return Type::Unknown;
            };
            let default = match model.nodes.parent_node(binding.node) {
                AnyNodeRef::ParameterWithDefault(with_default) => with_default.default.as_deref(),
                // `*args: str` is a tuple.
                _ => return Type::Unknown,
            };
            if default.is_some_and(literal::is_none) {
                return Type::Unknown;
            }
            parameter
                .annotation
                .as_deref()
                .map_or(Type::Unknown, |annotation| annotated(model, annotation))
        }
        _ => Type::Unknown,
    }
}

/// Whether a name is a parameter whose annotation is this class.
pub fn is_annotated(model: &Model<'_>, value: &Expr, class: &str) -> bool {
    annotation_of(model, value)
        .is_some_and(|annotation| model.meaning(annotation).path() == Some(class))
}

/// Whether a name is a parameter that an annotation says to be a mapping of text to text or numbers: `dict[str, str]`.
pub fn is_plain_mapping(model: &Model<'_>, value: &Expr) -> bool {
    let Some(Expr::Subscript(subscript)) = annotation_of(model, value) else {
        return false;
    };
    let Expr::Tuple(parts) = subscript.slice.as_ref() else {
        return false;
    };
    annotated(model, &subscript.value) == Type::Dict
        && parts.elts.iter().all(|part| {
            matches!(part, Expr::Name(_))
                && matches!(annotated(model, part), Type::Text | Type::Number)
        })
}

/// The annotation of a parameter whose name has no other binding.
fn annotation_of<'a>(model: &Model<'a>, value: &Expr) -> Option<&'a Expr> {
    let Expr::Name(name) = value else {
        return None;
    };
    let symbol = model.scopes.symbol_of(model.id(name))?;
    let [binding] = model.scopes.symbol(symbol).bindings[..] else {
        return None;
    };
    match model.nodes.get(model.scopes.binding(binding).node) {
        AnyNodeRef::Parameter(parameter) => parameter.annotation.as_deref(),
        _ => None,
    }
}

fn annotated(model: &Model<'_>, annotation: &Expr) -> Type {
    let class = match annotation {
        Expr::Subscript(subscript) => subscript.value.as_ref(),
        other => other,
    };
    match model.meaning(class).path() {
        Some("builtins.str") => Type::Text,
        Some("builtins.bytes") => Type::Bytes,
        Some("builtins.int" | "builtins.float") => Type::Number,
        Some("builtins.dict" | "typing.Dict" | "typing.Mapping" | "collections.abc.Mapping") => {
            Type::Dict
        }
        _ => Type::Unknown,
    }
}

/// Whether both libraries send this value of a query or form in the same way: text, numbers, and lists of those.
pub fn is_sendable(model: &Model<'_>, expr: &Expr) -> bool {
    match expr {
        Expr::List(list) => list.elts.iter().all(|element| is_sendable(model, element)),
        Expr::Tuple(tuple) => tuple.elts.iter().all(|element| is_sendable(model, element)),
        Expr::If(if_) => is_sendable(model, &if_.body) && is_sendable(model, &if_.orelse),
        _ => matches!(type_of(model, expr), Type::Text | Type::Number),
    }
}

/// What is known of a query in a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Query {
    /// There is none.
    Absent,
    /// None, unless a part that is followed by a path holds one.
    BeforePath,
    /// There is one, or there may be.
    Possible,
}

enum Part<'a> {
    Literal(&'a str),
    Number,
    Other,
}

/// Whether a URL holds a query.
pub fn query_of(model: &Model<'_>, url: &Expr) -> Query {
    let mut parts = Vec::new();
    collect(model, url, DEPTH, &mut parts);
    let mut found = Query::Absent;
    for (index, part) in parts.iter().enumerate() {
        let here = match part {
            Part::Literal(text) if text.contains(['?', '#']) => Query::Possible,
            Part::Literal(_) | Part::Number => Query::Absent,
            Part::Other => match parts.get(index + 1) {
                // What follows a query is a part of it, so nobody writes a path after one.
                Some(Part::Literal(next)) if next.starts_with('/') => Query::BeforePath,
                _ => Query::Possible,
            },
        };
        found = found.max(here);
    }
    found
}

/// The literal parts of a text, in order.
pub fn literals<'a>(model: &Model<'a>, expr: &'a Expr) -> Vec<&'a str> {
    let mut parts = Vec::new();
    collect(model, expr, DEPTH, &mut parts);
    parts
        .iter()
        .filter_map(|part| match part {
            Part::Literal(text) => Some(*text),
            Part::Number | Part::Other => None,
        })
        .collect()
}

/// What a text begins with, as far as it shows.
pub fn prefix<'a>(model: &Model<'a>, expr: &'a Expr) -> String {
    let mut parts = Vec::new();
    collect(model, expr, DEPTH, &mut parts);
    parts
        .iter()
        .map_while(|part| match part {
            Part::Literal(text) => Some(*text),
            Part::Number | Part::Other => None,
        })
        .collect()
}

/// The default of the parameter that a name stands for.
pub fn default_of<'a>(model: &Model<'a>, expr: &Expr) -> Option<&'a Expr> {
    let Expr::Name(name) = expr else {
        return None;
    };
    let symbol = model.scopes.symbol_of(model.id(name))?;
    let [binding] = model.scopes.symbol(symbol).bindings[..] else {
        return None;
    };
    match model.nodes.parent_node(model.scopes.binding(binding).node) {
        AnyNodeRef::ParameterWithDefault(parameter) => parameter.default.as_deref(),
        _ => None,
    }
}

fn collect<'a>(model: &Model<'a>, expr: &'a Expr, depth: usize, parts: &mut Vec<Part<'a>>) {
    if depth == 0 {
        parts.push(Part::Other);
        return;
    }
    match resolve(model, expr) {
        Expr::StringLiteral(literal) => parts.push(Part::Literal(literal.value.to_str())),
        Expr::FString(string) => {
            for part in &string.value {
                match part {
                    ast::FStringPart::Literal(literal) => {
                        parts.push(Part::Literal(literal.as_str()));
                    }
                    ast::FStringPart::FString(string) => {
                        for element in &string.elements {
                            match element {
                                InterpolatedStringElement::Literal(literal) => {
                                    parts.push(Part::Literal(&literal.value));
                                }
                                InterpolatedStringElement::Interpolation(element) => {
                                    if element.format_spec.is_some() || element.debug_text.is_some()
                                    {
                                        parts.push(part_of(model, &element.expression));
                                    } else {
                                        collect(model, &element.expression, depth - 1, parts);
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
        Expr::BinOp(binary) if binary.op == Operator::Add => {
            collect(model, &binary.left, depth - 1, parts);
            collect(model, &binary.right, depth - 1, parts);
        }
        other => parts.push(part_of(model, other)),
    }
}

fn part_of<'a>(model: &Model<'a>, expr: &'a Expr) -> Part<'a> {
    if type_of(model, expr) == Type::Number {
        return Part::Number;
    }
    if let Expr::Call(call) = expr {
        match model.meaning(&call.func).path() {
            // They quote `?` and `#`.
            Some("urllib.parse.quote" | "urllib.parse.quote_plus") => return Part::Number,
            Some("builtins.str") => {
                if let [value] = &*call.arguments.args
                    && type_of(model, value) == Type::Number
                {
                    return Part::Number;
                }
            }
            _ => {}
        }
    }
    Part::Other
}

/// A dictionary whose entries all show: a display, or a name with one binding to a display whose every use is an
/// argument of a call in `calls` or a store of an entry. The answer holds the display and the stored values.
pub fn dict_of<'a>(
    model: &Model<'a>,
    expr: &'a Expr,
    calls: &[NodeId],
) -> Option<(&'a ast::ExprDict, Vec<&'a Expr>)> {
    if let Expr::Dict(dict) = expr {
        return Some((dict, Vec::new()));
    }
    let Expr::Name(name) = expr else {
        return None;
    };
    let Expr::Dict(dict) = resolve(model, expr) else {
        return None;
    };
    let symbol = model.scopes.symbol_of(model.id(name))?;
    let mut stored = Vec::new();
    for &reference in &model.scopes.symbol(symbol).references {
        match model.nodes.parent_node(reference) {
            AnyNodeRef::ExprSubscript(subscript)
                if model.id(subscript.value.as_ref()) == reference =>
            {
                if subscript.ctx == ExprContext::Store {
                    let AnyNodeRef::StmtAssign(assign) =
                        model.nodes.parent_node(model.id(subscript))
                    else {
                        return None;
                    };
                    stored.push(assign.value.as_ref());
                }
            }
            // As a body of JSON, booleans are booleans.
            AnyNodeRef::Keyword(keyword)
                if keyword
                    .arg
                    .as_ref()
                    .is_none_or(|arg| arg.as_str() == "json") =>
            {
                return None;
            }
            AnyNodeRef::Arguments(arguments)
                if arguments
                    .args
                    .get(2)
                    .is_some_and(|third| model.id(third) == reference) =>
            {
                return None;
            }
            AnyNodeRef::Arguments(_) | AnyNodeRef::Keyword(_) => {
                let call = model
                    .nodes
                    .ancestors(reference)
                    .find(|&at| matches!(model.nodes.get(at), AnyNodeRef::ExprCall(_)))?;
                if !calls.contains(&call) {
                    return None;
                }
            }
            _ => return None,
        }
    }
    Some((dict, stored))
}

/// A dictionary display that `**name` unpacks, where the name has one binding and no use but that.
pub fn unpacked_dict<'a>(model: &Model<'a>, expr: &'a Expr) -> Option<&'a ast::ExprDict> {
    if let Expr::Dict(dict) = expr {
        return Some(dict);
    }
    let Expr::Name(name) = expr else {
        return None;
    };
    let Expr::Dict(dict) = resolve(model, expr) else {
        return None;
    };
    let symbol = model.scopes.symbol_of(model.id(name))?;
    model
        .scopes
        .symbol(symbol)
        .references
        .iter()
        .all(|&reference| {
            matches!(model.nodes.parent_node(reference), AnyNodeRef::Keyword(keyword) if keyword.arg.is_none())
        })
        .then_some(dict)
}

/// The quote that a string literal can be written with at a node: the one that no f-string round it uses.
pub fn quote_at(model: &Model<'_>, node: NodeId) -> Option<char> {
    let mut used = Vec::new();
    for ancestor in model
        .nodes
        .ancestors(node)
        .take_while(|&at| !model.nodes.get(at).is_statement())
    {
        if let AnyNodeRef::FString(string) = model.nodes.get(ancestor) {
            used.push(string.flags.quote_style_char());
        }
    }
    ['"', '\''].into_iter().find(|quote| !used.contains(quote))
}

trait QuoteStyle {
    fn quote_style_char(&self) -> char;
}

impl QuoteStyle for ast::FStringFlags {
    fn quote_style_char(&self) -> char {
        use ruff_python_ast::StringFlags as _;
        match self.quote_style() {
            ast::str::Quote::Single => '\'',
            ast::str::Quote::Double => '"',
        }
    }
}
