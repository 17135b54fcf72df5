//! With `file-io = "thread"`: a `with` block that only works on its files becomes a nested function, which a thread runs.
//!
//! A thread sees the same names as the block did, but runs beside the event loop: so the block may only work on its files,
//! on what it makes itself, and on what it reads.

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall, ExprContext, Stmt, StmtWith};
use ruff_text_size::TextRange;
use rustc_hash::FxHashSet;

use crate::codemod::{Context, Refusal, UnitBuilder};
use crate::colour;
use crate::handles::reasons;
use crate::python::PythonVersion;
use crate::semantic::reaching::Reaching;
use crate::semantic::scope::{BindingId, SymbolId};
use crate::semantic::{Model, NodeId};
use crate::unit::ImportRequest;

/// Modules whose functions share nothing between their calls.
const MODULES: &[&str] = &[
    "base64", "binascii", "csv", "hashlib", "json", "pickle", "shutil", "struct", "textwrap",
    "toml", "tomllib", "yaml", "zlib",
];

/// Builtins that call nothing of the project.
const BUILTINS: &[&str] = &[
    "abs",
    "bool",
    "bytearray",
    "bytes",
    "dict",
    "enumerate",
    "float",
    "int",
    "iter",
    "len",
    "list",
    "max",
    "min",
    "open",
    "range",
    "repr",
    "reversed",
    "set",
    "sorted",
    "str",
    "sum",
    "tuple",
    "zip",
];

/// Moves a `with` statement, all of whose items open files, to a thread. `mode` names the function.
///
/// # Errors
/// What the block does besides.
pub fn unit<'a, 'c>(
    context: &Context<'a, 'c>,
    statement: &'a StmtWith,
    anchor: TextRange,
    is_read: bool,
) -> Result<UnitBuilder<'a, 'c>, Refusal> {
    let model = context.model;
    let stmt = model.id(statement);
    let mut unit = context.unit(anchor);
    let bound = bound_in(model, stmt);
    let reaching = Reaching::new(model, model.body_of(model.runner(stmt)), &bound);
    let block = Block {
        model,
        statement,
        stmt,
        bound,
        reaching,
    };
    block.is_closed()?;
    let result = block.result()?;
    if let Some(shared) = block.shared_read() {
        unit.unsafe_because(
            shared,
            "a thread reads this attribute, beside other tasks that may set it",
        );
    }
    let name = model.free_name(if is_read { "read_file" } else { "write_file" }, stmt, &[]);
    let call = colour::awaited(&format!("asyncio.to_thread({name})"));
    let refusal = || Refusal::at(&reasons::NOT_A_HELPER, anchor);
    let slot = model.slot(stmt).ok_or_else(refusal)?;
    let inner = format!("{}{}", slot.indent, model.indent_unit());
    let after = match result {
        Outcome::Nothing => format!("\n\n{}{call}", slot.indent),
        Outcome::Returned => format!("\n\n{}return {call}", slot.indent),
        Outcome::Names(names) => {
            let names = names.join(", ");
            format!("\n{inner}return {names}\n\n{}{names} = {call}", slot.indent)
        }
    };
    let edits = model
        .wrap_statements(stmt, stmt, &format!("def {name}():"))
        .ok_or_else(refusal)?;
    unit.edits(edits.into_iter().map(|edit| edit.with_text_behind(&after)));
    unit.import(ImportRequest::Module("asyncio"), stmt)?;
    unit.needs_python(PythonVersion::PY39);
    unit.runs_in(stmt);
    Ok(unit)
}

/// What a block leaves behind.
enum Outcome {
    Nothing,
    /// It ends with `return`.
    Returned,
    /// The names that are read behind it.
    Names(Vec<String>),
}

struct Block<'a, 'm> {
    model: &'m Model<'a>,
    statement: &'a StmtWith,
    stmt: NodeId,
    /// The names that it binds: those of the nested function.
    bound: FxHashSet<SymbolId>,
    reaching: Reaching,
}

/// The names that code in a statement binds.
fn bound_in(model: &Model<'_>, stmt: NodeId) -> FxHashSet<SymbolId> {
    let nodes = model.nodes.subtree(stmt);
    nodes
        .filter_map(|at| model.scopes.binding_at(at))
        .map(|binding| model.scopes.binding(binding).symbol)
        .collect()
}

impl<'a> Block<'a, '_> {
    /// Whether it only works on its files, and control leaves it at its end.
    fn is_closed(&self) -> Result<(), Refusal> {
        let model = self.model;
        let last = self.statement.body.last().map(|last| model.id(last));
        for &symbol in &self.bound {
            let known = model.scopes.symbol(symbol);
            let foreign = known
                .bindings
                .iter()
                .map(|&binding| model.scopes.binding(binding))
                .find(|binding| binding.scope != known.scope);
            let unseen = (known.references.iter().copied())
                .find(|&node| model.nodes.is_within(node, self.stmt) && !self.sees_own(node));
            if let Some(node) = foreign.map(|binding| binding.node).or(unseen) {
                return Err(Refusal::at(&reasons::NOT_A_HELPER, model.nodes.range(node)));
            }
        }
        for at in model.nodes.subtree(self.stmt) {
            let is_fine = match model.nodes.get(at) {
                AnyNodeRef::StmtReturn(_) => Some(at) == last,
                AnyNodeRef::ExprAwait(_)
                | AnyNodeRef::ExprYield(_)
                | AnyNodeRef::ExprYieldFrom(_)
                | AnyNodeRef::ExprLambda(_)
                | AnyNodeRef::ExprNamed(_)
                | AnyNodeRef::StmtFunctionDef(_)
                | AnyNodeRef::StmtClassDef(_)
                | AnyNodeRef::StmtGlobal(_)
                | AnyNodeRef::StmtNonlocal(_)
                | AnyNodeRef::StmtDelete(_)
                | AnyNodeRef::StmtImport(_)
                | AnyNodeRef::StmtImportFrom(_) => false,
                AnyNodeRef::StmtFor(for_) => !for_.is_async,
                AnyNodeRef::Comprehension(clause) => !clause.is_async,
                AnyNodeRef::StmtBreak(_) | AnyNodeRef::StmtContinue(_) => model
                    .nodes
                    .ancestors(at)
                    .take_while(|&outer| outer != self.stmt)
                    .any(|outer| {
                        let outer = model.nodes.get(outer);
                        outer.is_stmt_for() || outer.is_stmt_while()
                    }),
                AnyNodeRef::ExprAttribute(attribute) => {
                    attribute.ctx == ExprContext::Load || self.is_own(&attribute.value)
                }
                AnyNodeRef::ExprSubscript(subscript) => {
                    subscript.ctx == ExprContext::Load || self.is_own(&subscript.value)
                }
                AnyNodeRef::ExprCall(call) => self.is_harmless(call),
                _ => true,
            };
            if !is_fine {
                return Err(Refusal::at(&reasons::NOT_A_HELPER, model.nodes.range(at)));
            }
        }
        Ok(())
    }

    /// Whether a value is made in the block: a name that only it binds.
    fn is_own(&self, expr: &Expr) -> bool {
        let model = self.model;
        match expr {
            Expr::Name(_) => {
                let node = model.id(expr);
                let symbol = model.scopes.symbol_of(node);
                symbol.is_some_and(|symbol| self.bound.contains(&symbol)) && self.sees_own(node)
            }
            Expr::Subscript(subscript) => self.is_own(&subscript.value),
            Expr::Call(call) => self.is_harmless(call),
            Expr::StringLiteral(_) | Expr::BytesLiteral(_) | Expr::FString(_) => true,
            Expr::Attribute(_) => false,
            _ => false,
        }
    }

    fn is_inside(&self, binding: BindingId) -> bool {
        let node = self.model.scopes.binding(binding).node;
        self.model.nodes.is_within(node, self.stmt)
    }

    /// Whether a load sees bindings of the block alone. In a comprehension, its own names.
    fn sees_own(&self, load: NodeId) -> bool {
        match self.reaching.at(load) {
            Some(bindings) => bindings.iter().all(|&binding| self.is_inside(binding)),
            None => self.model.scopes.symbol_of(load).is_some_and(|symbol| {
                let bindings = &self.model.scopes.symbol(symbol).bindings;
                bindings.iter().all(|&binding| self.is_inside(binding))
            }),
        }
    }

    fn is_harmless(&self, call: &ExprCall) -> bool {
        let meaning = self.model.meaning(&call.func);
        if let Some(path) = meaning.path() {
            return match path.split_once('.') {
                Some(("builtins", name)) => BUILTINS.contains(&name),
                Some((module, _)) => MODULES.contains(&module),
                None => false,
            };
        }
        match call.func.as_ref() {
            Expr::Attribute(method) => self.is_own(&method.value),
            _ => false,
        }
    }

    /// What is read behind the block.
    fn result(&self) -> Result<Outcome, Refusal> {
        let model = self.model;
        if matches!(self.statement.body.last(), Some(Stmt::Return(_))) {
            return Ok(Outcome::Returned);
        }
        let mut names: Vec<(NodeId, String)> = Vec::new();
        for &symbol in &self.bound {
            let known = model.scopes.symbol(symbol);
            let is_read_outside = known.references.iter().any(|&node| {
                !model.nodes.is_within(node, self.stmt)
                    && self.reaching.at(node).is_none_or(|bindings| {
                        bindings.iter().any(|&binding| self.is_inside(binding))
                    })
            });
            if !is_read_outside {
                continue;
            }
            let inside: Vec<NodeId> = known
                .bindings
                .iter()
                .map(|&binding| model.scopes.binding(binding).node)
                .filter(|&node| model.nodes.is_within(node, self.stmt))
                .collect();
            let refusal =
                |node: NodeId| Refusal::at(&reasons::NOT_A_HELPER, model.nodes.range(node));
            let [target] = inside[..] else {
                return Err(refusal(inside[0]));
            };
            // Bound once, and always.
            let assign = model.statement_of(target);
            let is_direct = model.nodes.get(assign).is_stmt_assign()
                && model.nodes.parent(target) == assign
                && model.nodes.parent(assign) == self.stmt;
            if !is_direct {
                return Err(refusal(target));
            }
            names.push((target, model.slice(model.nodes.range(target)).to_string()));
        }
        names.sort();
        Ok(if names.is_empty() {
            Outcome::Nothing
        } else {
            Outcome::Names(names.into_iter().map(|(_, name)| name).collect())
        })
    }

    /// An attribute of what others hold, that the thread would read.
    fn shared_read(&self) -> Option<TextRange> {
        let model = self.model;
        model
            .nodes
            .subtree(self.stmt)
            .find(|&at| match model.nodes.get(at) {
                AnyNodeRef::ExprAttribute(attribute) => {
                    model.meaning(&attribute.value).path().is_none()
                        && !self.is_own(&attribute.value)
                }
                _ => false,
            })
            .map(|at| model.nodes.range(at))
    }
}
