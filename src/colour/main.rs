//! The code with which a program begins, as one `async def main()` that is run: the body of a main guard, or the
//! statements of a script.

use std::collections::BTreeSet;

use ruff_python_ast::{AnyNodeRef, Expr, Stmt, StmtClassDef, StmtFunctionDef, StmtIf};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::await_around;
use crate::edit::{Edit, Layer, Piece};
use crate::semantic::{BindingKind, Model, NodeId, Scopes, builtins, literal};

/// Names for the function, the first free one is taken.
const NAMES: [&str; 3] = ["main", "async_main", "_main"];

/// The first name that is free at module level.
fn name(model: &Model<'_>, at: NodeId) -> Option<&'static str> {
    NAMES.into_iter().find(|name| model.is_free(name, at))
}

/// Whether the body of a main guard can become that of a function.
pub fn is_movable(model: &Model<'_>, if_: &StmtIf) -> bool {
    let node = model.id(if_);
    let body: Vec<NodeId> = if_.body.iter().map(|stmt| model.id(stmt)).collect();
    if !if_.elif_else_clauses.is_empty() || name(model, node).is_none() {
        return false;
    }
    let shared = shared(model, &body);
    body.iter().all(|&stmt| {
        stays_the_same(model, stmt) && !annotates(model, stmt, &|name| shared.contains(name))
    })
}

/// Whether a statement of a script can be moved into a function.
pub fn can_move(model: &Model<'_>, stmt: &Stmt) -> bool {
    let node = model.id(stmt);
    let is_plain = !matches!(
        stmt,
        Stmt::FunctionDef(_) | Stmt::ClassDef(_) | Stmt::TypeAlias(_)
    );
    // The imports of a file are edited where they stand.
    let has_import = model.nodes.subtree(node).any(|at| {
        matches!(
            model.nodes.get(at),
            AnyNodeRef::StmtImport(_)
                | AnyNodeRef::StmtImportFrom(_)
                | AnyNodeRef::StmtFunctionDef(_)
                | AnyNodeRef::StmtClassDef(_)
        )
    });
    is_plain
        && !has_import
        && name(model, node).is_some()
        && stays_the_same(model, node)
        && !annotates(model, node, &|_| true)
}

/// Whether a definition at module level can as well stand before the statements of a script that come before it: it is the
/// only one of its name, and evaluates nothing that a statement could change.
pub fn can_be_passed(model: &Model<'_>, stmt: &Stmt) -> bool {
    let (node, name) = match stmt {
        Stmt::FunctionDef(function) => (model.id(function), function.name.as_str()),
        Stmt::ClassDef(class) => (model.id(class), class.name.as_str()),
        _ => return false,
    };
    let start = model.nodes.range(node).start();
    // What comes before it may mean a builtin by the name.
    let is_only_one = !builtins::is_builtin(name)
        && model.scopes.binding_at(node).is_some_and(|binding| {
            let symbol = model.scopes.symbol(model.scopes.binding(binding).symbol);
            let mut references = symbol.references.iter();
            symbol.bindings.len() == 1
                && references.all(|&at| {
                    model.nodes.range(at).start() > start
                        || model.scopes.scope_of(at) != Scopes::MODULE
                })
        });
    // Without a line end behind it, nothing tells the whole script from its statements.
    is_only_one
        && model.text.ends_with('\n')
        && match stmt {
            Stmt::FunctionDef(function) => {
                function.decorator_list.is_empty() && is_settled_function(model, function)
            }
            Stmt::ClassDef(class) => is_settled_class(model, class),
            _ => false,
        }
}

/// Whether a function, its decorators aside, evaluates nothing but literals and settled names where it is defined.
fn is_settled_function(model: &Model<'_>, function: &StmtFunctionDef) -> bool {
    let parameters = &function.parameters;
    let mut defaults = parameters
        .iter_non_variadic_params()
        .filter_map(|parameter| parameter.default.as_deref());
    let mut annotations = parameters
        .iter()
        .filter_map(|parameter| parameter.annotation())
        .chain(function.returns.as_deref());
    function.type_params.is_none()
        && defaults.all(|value| is_settled_value(model, value))
        && annotations.all(|annotation| is_settled_annotation(model, annotation))
}

/// Whether a class is plain: nothing of its own or of a base runs where it is defined.
fn is_settled_class(model: &Model<'_>, class: &StmtClassDef) -> bool {
    let has_builtin_bases = class.arguments.as_deref().is_none_or(|arguments| {
        arguments.keywords.is_empty() && arguments.args.iter().all(|base| is_builtin(model, base))
    });
    has_builtin_bases
        && class.decorator_list.is_empty()
        && class.type_params.is_none()
        && class.body.iter().all(|stmt| match stmt {
            Stmt::Pass(_) => true,
            Stmt::Expr(statement) => statement.value.is_literal_expr(),
            Stmt::Assign(assign) => {
                assign.targets.iter().all(Expr::is_name_expr)
                    && is_settled_value(model, &assign.value)
            }
            Stmt::AnnAssign(assign) => {
                assign.target.is_name_expr()
                    && is_settled_annotation(model, &assign.annotation)
                    && assign
                        .value
                        .as_deref()
                        .is_none_or(|value| is_settled_value(model, value))
            }
            Stmt::FunctionDef(function) => {
                let mut decorators = function.decorator_list.iter();
                decorators.all(|decorator| is_builtin(model, &decorator.expression))
                    && is_settled_function(model, function)
            }
            _ => false,
        })
}

/// Whether an expression is the name of a builtin.
fn is_builtin(model: &Model<'_>, expr: &Expr) -> bool {
    matches!(expr, Expr::Name(name) if model.is_builtin(&name.id, model.id(name)))
}

/// Whether a value is the same wherever it is evaluated: literals, and names that no statement binds.
fn is_settled_value(model: &Model<'_>, value: &Expr) -> bool {
    match value {
        Expr::Name(name) => is_settled(model, model.id(name)),
        Expr::UnaryOp(unary) => is_settled_value(model, &unary.operand),
        Expr::BinOp(binary) => {
            is_settled_value(model, &binary.left) && is_settled_value(model, &binary.right)
        }
        Expr::Tuple(tuple) => tuple.elts.iter().all(|item| is_settled_value(model, item)),
        Expr::List(list) => list.elts.iter().all(|item| is_settled_value(model, item)),
        Expr::Dict(dict) => dict.items.iter().all(|item| {
            let key = item.key.as_ref();
            key.is_some_and(|key| is_settled_value(model, key))
                && is_settled_value(model, &item.value)
        }),
        _ => value.is_literal_expr(),
    }
}

/// Whether an annotation names nothing that a statement binds.
fn is_settled_annotation(model: &Model<'_>, annotation: &Expr) -> bool {
    let node = model.id(annotation);
    std::iter::once(node)
        .chain(model.nodes.subtree(node))
        .all(|at| match model.nodes.get(at) {
            AnyNodeRef::ExprName(_) => is_settled(model, at),
            AnyNodeRef::ExprCall(_) | AnyNodeRef::ExprNamed(_) => false,
            _ => true,
        })
}

/// Whether a name means an import, a class or a function, or nothing of the module.
fn is_settled(model: &Model<'_>, name: NodeId) -> bool {
    let Some(symbol) = model.scopes.symbol_of(name) else {
        return true;
    };
    let mut bindings = model.scopes.symbol(symbol).bindings.iter();
    bindings.all(|&binding| {
        matches!(
            model.scopes.binding(binding).kind,
            BindingKind::Import { .. }
                | BindingKind::FromImport { .. }
                | BindingKind::Class
                | BindingKind::Function
        )
    })
}

/// The number of the statement at module level that a node stands in.
pub fn statement_of(model: &Model<'_>, node: NodeId) -> usize {
    let start = model.nodes.range(node).start();
    let body = &model.parsed.syntax().body;
    body.partition_point(|stmt| stmt.start() <= start)
        .saturating_sub(1)
}

/// Whether the statement at module level of this number can become part of the function with which the program begins: it
/// does so as the body of a main guard, or as it is.
pub fn can_begin(model: &Model<'_>, statement: usize) -> bool {
    match model.parsed.syntax().body.get(statement) {
        Some(Stmt::If(if_)) if literal::is_main_guard(&if_.test) => is_movable(model, if_),
        Some(stmt) => can_move(model, stmt),
        None => false,
    }
}

/// Whether code means the same inside of a function: nothing in it asks for the names around it.
fn stays_the_same(model: &Model<'_>, stmt: NodeId) -> bool {
    !model
        .nodes
        .subtree(stmt)
        .any(|at| match model.nodes.get(at) {
            AnyNodeRef::StmtImportFrom(import) => {
                import.names.iter().any(|alias| alias.name.as_str() == "*")
            }
            AnyNodeRef::ExprName(name) => {
                matches!(
                    name.id.as_str(),
                    "globals" | "locals" | "vars" | "dir" | "eval" | "exec"
                ) && model.scopes.symbol_of(at).is_none()
            }
            AnyNodeRef::StmtGlobal(_) => true,
            // Ctrl-C does not reach a coroutine.
            _ if model.handles_interrupt(at).is_some() => true,
            _ => false,
        })
}

/// Whether code annotates such a name of the module: a name cannot be both annotated and global.
fn annotates(model: &Model<'_>, stmt: NodeId, which: &dyn Fn(&str) -> bool) -> bool {
    model
        .nodes
        .subtree(stmt)
        .any(|at| match model.nodes.get(at) {
            AnyNodeRef::StmtAnnAssign(assign) => match assign.target.as_ref() {
                Expr::Name(name) => {
                    model.scopes.scope_of(model.id(name)) == Scopes::MODULE
                        && which(name.id.as_str())
                }
                _ => false,
            },
            _ => false,
        })
}

/// The names that these statements bind and other code of the module binds or reads as well, or that are builtins before:
/// they stay global.
fn shared(model: &Model<'_>, statements: &[NodeId]) -> BTreeSet<String> {
    let inside = |at: NodeId| {
        statements
            .iter()
            .any(|&stmt| model.nodes.is_within(at, stmt))
    };
    let module = model.scopes.scope(Scopes::MODULE);
    module
        .symbols
        .iter()
        .filter(|(name, symbol)| {
            let symbol = model.scopes.symbol(**symbol);
            let mut bindings = symbol
                .bindings
                .iter()
                .map(|&binding| inside(model.scopes.binding(binding).node));
            let mut bound = symbol
                .bindings
                .iter()
                .map(|&binding| inside(model.scopes.binding(binding).node));
            bound.any(|inside| inside)
                && (bindings.any(|inside| !inside)
                    || symbol
                        .references
                        .iter()
                        .any(|&reference| !inside(reference))
                    || builtins::is_builtin(name))
        })
        .map(|(name, _)| (*name).to_string())
        .collect()
}

/// `global a, b`; nothing where no name is shared.
fn declaration(shared: &BTreeSet<String>) -> Option<String> {
    let names: Vec<&str> = shared.iter().map(String::as_str).collect();
    (!names.is_empty()).then(|| format!("global {}", names.join(", ")))
}

/// The body of a main guard as a function before it, and one run of that in its place.
pub(super) fn guard_edits(model: &Model<'_>, if_: &StmtIf) -> Vec<Edit> {
    let (Some(first), Some(last)) = (if_.body.first(), if_.body.last()) else {
        return Vec::new();
    };
    let Some(name) = name(model, model.id(if_)) else {
        return Vec::new();
    };
    // A comment behind the last statement belongs to it.
    let rest = &model.text[last.end().to_usize()..];
    let line = rest
        .find('\n')
        .map_or(rest, |end| &rest[..end])
        .trim_end_matches('\r');
    let comment = if line.trim_start().starts_with('#') {
        TextSize::of(line)
    } else {
        TextSize::new(0)
    };
    // With the space before it, the body is more than its one statement, whose edits stay within.
    let line = model.line_start(first.start());
    let before = &model.text[if_.start().to_usize()..first.start().to_usize()];
    let is_block = before.contains('\n');
    let lead = if is_block {
        // Comments above the first statement are about it.
        let comments: usize = model.text[if_.start().to_usize()..line.to_usize()]
            .split_inclusive('\n')
            .rev()
            .take_while(|line| line.trim_start().starts_with('#'))
            .map(str::len)
            .sum();
        line - TextSize::try_from(comments).unwrap_or_default()
    } else {
        let space = before.len() - before.trim_end_matches([' ', '\t']).len();
        first.start() - TextSize::try_from(space).unwrap_or_default()
    };
    let body = TextRange::new(lead, last.end() + comment);
    let space = model.slice(TextRange::new(lead.max(line), first.start()));
    let space = if is_block { space } else { "" };
    let gap = if is_block { space } else { " " };
    let missing = blank_lines_to_add(&model.text[..if_.start().to_usize()]);
    let blank = "\n".repeat(missing);
    let statements: Vec<NodeId> = if_.body.iter().map(|stmt| model.id(stmt)).collect();
    let global = declaration(&shared(model, &statements));
    let header = match (global, is_block) {
        (Some(line), true) => format!("async def {name}():\n{space}{line}\n"),
        (None, true) => format!("async def {name}():\n"),
        (Some(line), false) => format!("async def {name}(): {line};"),
        (None, false) => format!("async def {name}():"),
    };
    vec![
        Edit::hoist(
            TextRange::new(if_.start(), body.end()),
            vec![
                Piece::text(format!("{blank}{header}")),
                Piece::Source(body),
                Piece::text("\n\n\n"),
            ],
        ),
        Edit::replace(body, format!("{gap}asyncio.run({name}())")),
    ]
}

/// The one call of `asyncio.run` in the body of a main guard that can be awaited in one run of the whole body: it is the last
/// that the program does, so that what it leaves running ends with it as before.
pub fn joined(model: &Model<'_>, if_: &StmtIf) -> Option<NodeId> {
    let last = match if_.body.last()? {
        Stmt::Expr(statement) => statement.value.as_ref(),
        Stmt::Assign(statement) => statement.value.as_ref(),
        _ => return None,
    };
    let node = model.id(last);
    let mut runs = std::iter::once(node)
        .chain(model.nodes.subtree(node))
        .filter(|&at| run_argument(model, at).is_some());
    let run = runs.next()?;
    // Nothing decides whether it runs, or how often.
    let is_sure = model
        .nodes
        .ancestors(run)
        .take_while(|&at| at != node)
        .chain([node])
        .filter(|&at| at != run)
        .all(|at| {
            matches!(
                model.nodes.get(at),
                AnyNodeRef::ExprCall(_) | AnyNodeRef::Arguments(_) | AnyNodeRef::Keyword(_)
            )
        });
    (is_sure && runs.all(|other| other == run)).then_some(run)
}

/// The coroutine of a plain `asyncio.run(f())`.
fn run_argument<'m>(model: &Model<'m>, node: NodeId) -> Option<&'m Expr> {
    let AnyNodeRef::ExprCall(call) = model.nodes.get(node) else {
        return None;
    };
    let is_run =
        call.func.is_attribute_expr() && model.meaning(&call.func).path() == Some("asyncio.run");
    match (&call.arguments.args[..], call.arguments.keywords.is_empty()) {
        ([argument @ Expr::Call(_)], true) if is_run => Some(argument),
        _ => None,
    }
}

/// `asyncio.run(f())` -> `await f()`.
pub(super) fn joined_edit(model: &Model<'_>, call: NodeId) -> Option<Edit> {
    let argument = run_argument(model, call)?;
    let (before, after) = await_around(model, call);
    Some(Edit::pieces(
        model.nodes.range(call),
        vec![
            Piece::text(before),
            Piece::Source(argument.range()),
            Piece::text(after),
        ],
    ))
}

/// The statements of a script from one to another as a function, and the run of it. Definitions among them stand before it.
pub(super) fn script_edits(model: &Model<'_>, first: NodeId, last: NodeId) -> Option<Vec<Edit>> {
    let name = name(model, first)?;
    let (body, from) = model.suite_of(first)?;
    let (_, to) = model.suite_of(last)?;
    let statements: Vec<NodeId> = body
        .get(from..=to)?
        .iter()
        .filter(|stmt| !is_definition(stmt))
        .map(|stmt| model.id(stmt))
        .collect();
    let above = if from > 0 {
        comments_above(model, body.get(from)?.start())
    } else {
        None
    };
    let start = above.map_or(body.get(from)?.start(), |above| above.start());
    let before = &model.text[..start.to_usize()];
    let is_blank = |line: &str| line.trim().is_empty();
    // Where nothing but the docstring precedes, `import asyncio` goes right above and leaves one blank line.
    let is_first = body.get(..from)?.iter().all(is_docstring);
    let missing = match is_first && !before.lines().next_back().is_some_and(is_blank) {
        true => 1,
        false => blank_lines_to_add(before),
    };
    let blank = "\n".repeat(missing);
    let passed = passed_edits(model, body.get(from..=to)?, start, &blank)?;
    let blank = if passed.is_empty() { &blank } else { "" };
    let global = declaration(&shared(model, &statements));
    let mut header = format!("{blank}async def {name}():");
    if let Some(line) = global {
        header.push_str(&format!("\n{}{line}", model.indent_unit()));
    }
    for line in above.map_or("", |above| model.slice(above)).lines() {
        header.push_str(&format!("\n{}{line}", model.indent_unit()));
    }
    let extent = model.block_range(first, last);
    // A comment behind the last statement belongs to it.
    let rest = &model.text[extent.end().to_usize()..];
    let line = rest.find('\n').map_or(rest, |end| &rest[..end]);
    let behind = if line.trim_start().starts_with('#') {
        TextSize::of(line.trim_end_matches('\r'))
    } else {
        TextSize::new(0)
    };
    let mut edits = vec![Edit::surround(
        TextRange::new(extent.start(), extent.end() + behind),
        "",
        format!("\n\n\nasyncio.run({name}())"),
        Layer::Block,
    )];
    edits.extend(model.wrap_statements(first, last, &header)?);
    edits.extend(above.map(Edit::delete));
    edits.extend(passed);
    Some(edits)
}

fn is_definition(stmt: &Stmt) -> bool {
    matches!(stmt, Stmt::FunctionDef(_) | Stmt::ClassDef(_))
}

/// Moves the definitions among the statements of a script, with the comments above them, to where the function starts that
/// the statements become.
fn passed_edits(
    model: &Model<'_>,
    body: &[Stmt],
    start: TextSize,
    blank: &str,
) -> Option<Vec<Edit>> {
    let last_line = |stmt: &Stmt| {
        let node = model.id(stmt);
        model.line_end(model.block_range(node, node).end())
    };
    // Where the first thing behind this stands.
    let next = |at: TextSize| {
        let rest = &model.text[at.to_usize()..];
        at + TextSize::of(rest) - TextSize::of(rest.trim_start())
    };
    let mut edits = Vec::new();
    let mut moved = vec![Piece::text(blank)];
    let mut at = 0_usize;
    for run in body.chunk_by(|a, b| is_definition(a) == is_definition(b)) {
        if let Some(last) = run.last().filter(|stmt| is_definition(stmt)) {
            let from = last_line(body.get(at.checked_sub(1)?)?);
            let to = last_line(last);
            moved.push(Piece::Source(TextRange::new(next(from), to)));
            moved.push(Piece::text("\n\n\n"));
            let place = TextRange::new(from, model.line_start(next(to)));
            edits.push(Edit::replace(place, "\n\n"));
        }
        at += run.len();
    }
    if !edits.is_empty() {
        let whole = TextRange::new(start, TextSize::of(model.text));
        edits.push(Edit::hoist(whole, moved));
    }
    Some(edits)
}

/// The comments on lines of their own right above code at module level, to its start: they are about it.
fn comments_above(model: &Model<'_>, code: TextSize) -> Option<TextRange> {
    let before = &model.text[..code.to_usize()];
    let lines = before.split_inclusive('\n').rev();
    let length: usize = lines
        .take_while(|line| line.starts_with('#'))
        .map(str::len)
        .sum();
    let start = code - TextSize::try_from(length).ok()?;
    (length > 0).then(|| TextRange::new(start, code))
}

/// Whether a statement is a string by itself.
fn is_docstring(stmt: &Stmt) -> bool {
    matches!(stmt, Stmt::Expr(expr) if expr.value.is_string_literal_expr())
}

/// How many of the two blank lines before a definition (PEP 8) are missing after this text, which ends with a line. A
/// comment right above stays with what follows.
fn blank_lines_to_add(before: &str) -> usize {
    let lines = || before.lines().rev();
    let blank = lines()
        .take(2)
        .take_while(|line| line.trim().is_empty())
        .count();
    match lines().nth(blank) {
        None => 0,
        Some(line) if blank == 0 && line.starts_with('#') => 0,
        Some(_) => 2_usize.saturating_sub(blank),
    }
}

#[cfg(test)]
mod tests {
    use super::can_be_passed;
    use crate::pipeline::parse;
    use crate::python::PythonVersion;
    use crate::semantic::{Model, ModuleName};

    /// Whether the definition in the middle of a script can be passed.
    fn passes(definition: &str) -> bool {
        let text = format!(
            "import config\nfrom orm import Base\n\nlabel = read()\n\n{definition}\n\nwrite(label)\n"
        );
        let Ok(parsed) = parse(&text, PythonVersion::PY311) else {
            panic!("does not parse");
        };
        let module = ModuleName::default();
        let model = Model::new(&text, &parsed, &module);
        can_be_passed(&model, &parsed.syntax().body[3])
    }

    #[test]
    fn definitions_of_literals_and_settled_names_are_passed() {
        assert!(passes("def f(a, b=-1, *c: str, d: Base = None, **e): ..."));
        assert!(passes(
            "async def f(a: 'label' = [1, {'a': int}]) -> config.T | None: ..."
        ));
        assert!(passes("def f():\n    return label"));
        assert!(passes(
            "class C(Exception):\n    'Doc.'\n    a: int = 1\n    b = len\n    @property\n    def c(self): return label"
        ));
    }

    #[test]
    fn what_a_statement_could_change_is_not_passed() {
        assert!(!passes("def f(a=label): ..."));
        assert!(!passes("def f(a: label): ..."));
        assert!(!passes("def f(a=config.limit): ..."));
        assert!(!passes("def f(a=read()): ..."));
        assert!(!passes("@config.register\ndef f(): ..."));
        assert!(!passes("def print(a): ..."));
        assert!(!passes("def read(): ...\nread = 1"));
        assert!(!passes("class C(Base): ..."));
        assert!(!passes("class C(label): ..."));
        assert!(!passes("class label: ..."));
        assert!(!passes("class C(metaclass=Base): ..."));
        assert!(!passes("@config.register\nclass C: ..."));
        assert!(!passes("class C:\n    a = label"));
        assert!(!passes("class C:\n    a = 1\n    def f(self, b=a): ..."));
        assert!(!passes(
            "class C:\n    @config.register\n    def f(self): ..."
        ));
        assert!(!passes("class C:\n    print(label)"));
    }
}
