//! One file, as the rules see it.

use ruff_python_ast::{self as ast, AnyNodeRef, Expr, ExprCall};
use ruff_text_size::TextRange;

use super::{Breach, Rule};
use crate::concurrency::Limits;
use crate::index::{Definition, Project, has_yield};
use crate::semantic::callee::{Callee, Callees};
use crate::semantic::common::is_plain_decorator;
use crate::semantic::{BindingKind, Model, NodeId, Runner};
use crate::unit::FileId;

/// Coroutine functions and methods of libraries: a call of one does nothing until it is awaited.
const COROUTINES: &[&str] = &[
    "anyio.sleep",
    "anyio.to_thread.run_sync",
    "asyncio.create_subprocess_exec",
    "asyncio.create_subprocess_shell",
    "asyncio.open_connection",
    "asyncio.sleep",
    "asyncio.start_server",
    "asyncio.to_thread",
    "asyncio.wait",
    "asyncio.wait_for",
    "asyncio.Condition.wait",
    "asyncio.Condition.wait_for",
    "asyncio.Event.wait",
    "asyncio.Lock.acquire",
    "asyncio.Queue.get",
    "asyncio.Queue.join",
    "asyncio.Queue.put",
    "asyncio.Semaphore.acquire",
    "aiohttp.ClientSession.close",
    "httpx.AsyncClient.aclose",
    "httpx.AsyncClient.delete",
    "httpx.AsyncClient.get",
    "httpx.AsyncClient.head",
    "httpx.AsyncClient.options",
    "httpx.AsyncClient.patch",
    "httpx.AsyncClient.post",
    "httpx.AsyncClient.put",
    "httpx.AsyncClient.request",
    "httpx.AsyncClient.send",
    "sqlalchemy.ext.asyncio.AsyncSession.close",
    "sqlalchemy.ext.asyncio.AsyncSession.commit",
    "sqlalchemy.ext.asyncio.AsyncSession.delete",
    "sqlalchemy.ext.asyncio.AsyncSession.execute",
    "sqlalchemy.ext.asyncio.AsyncSession.flush",
    "sqlalchemy.ext.asyncio.AsyncSession.get",
    "sqlalchemy.ext.asyncio.AsyncSession.merge",
    "sqlalchemy.ext.asyncio.AsyncSession.refresh",
    "sqlalchemy.ext.asyncio.AsyncSession.rollback",
    "sqlalchemy.ext.asyncio.AsyncSession.scalar",
    "sqlalchemy.ext.asyncio.AsyncSession.scalars",
    "trio.sleep",
];

/// One file, as the rules see it, and what they found.
pub struct Inspection<'a, 'm> {
    /// The semantic model of the file.
    pub model: &'m Model<'a>,
    callees: Callees<'a, 'm>,
    project: &'m Project,
    file: FileId,
    rule: &'static Rule,
    found: Vec<Breach>,
}

impl<'a, 'm> Inspection<'a, 'm> {
    /// Runs rules on a file. What they find comes in source order.
    pub fn run(
        model: &'m Model<'a>,
        project: &'m Project,
        file: FileId,
        rules: &[&'static Rule],
    ) -> Vec<Breach> {
        let Some(first) = rules.first() else {
            return Vec::new();
        };
        let mut inspection = Self {
            model,
            callees: Callees::new(model),
            project,
            file,
            rule: first,
            found: Vec::new(),
        };
        for rule in rules {
            inspection.rule = rule;
            (rule.run)(&mut inspection);
        }
        let mut found = inspection.found;
        found.sort_by_key(|breach| (breach.range.start(), breach.range.end(), breach.rule.name));
        found
    }

    /// Reports a place.
    pub fn report(&mut self, range: TextRange, detail: Option<String>) {
        self.found.push(Breach {
            rule: self.rule,
            range,
            detail,
            codemod: self.rule.codemod,
        });
    }

    /// Reports a place that the rule's codemod does nothing about.
    pub fn report_alone(&mut self, range: TextRange, detail: Option<String>) {
        self.found.push(Breach {
            rule: self.rule,
            range,
            detail,
            codemod: None,
        });
    }

    /// The dotted path of what is called: a function, or a method by the class of its receiver.
    pub fn path(&self, func: &'a Expr) -> Option<String> {
        match self.callees.of(func) {
            Callee::Path(path) => Some(path),
            Callee::Functions(_) | Callee::Unknown => None,
        }
    }

    /// The functions of this file that a call may run.
    pub fn functions(&self, func: &'a Expr) -> Vec<&'a ast::StmtFunctionDef> {
        match self.callees.of(func) {
            Callee::Functions(functions) => functions,
            Callee::Path(_) | Callee::Unknown => Vec::new(),
        }
    }

    /// The dotted path of the foreign class of a value.
    pub fn type_path(&self, value: &'a Expr) -> Option<String> {
        self.callees.type_path(value)
    }

    /// Whether a call certainly gives a coroutine.
    pub fn is_coroutine(&self, call: &'a ExprCall) -> bool {
        match self.callees.of(&call.func) {
            Callee::Functions(functions) => functions
                .iter()
                .all(|function| self.is_coroutine_function(function)),
            Callee::Path(path) => {
                self.is_of_library(&path, COROUTINES)
                    || self.definition(&path) == Some(Definition::Coroutine)
            }
            Callee::Unknown => false,
        }
    }

    /// Whether a path is one of these, and names a library: the project may be an older version of that library itself.
    pub fn is_of_library(&self, path: &str, listed: &[&str]) -> bool {
        let top = path.split('.').next().unwrap_or(path);
        listed.contains(&path) && !self.project.may_be_first_party(top)
    }

    /// What a dotted path names in the project.
    pub fn definition(&self, path: &str) -> Option<Definition> {
        self.project
            .definition(&self.project.absolute(self.file, path))
    }

    /// Whether a function is an `async def` without `yield`, under no decorator that could change what a call gives.
    pub fn is_coroutine_function(&self, function: &ast::StmtFunctionDef) -> bool {
        function.is_async
            && !has_yield(&function.body)
            && function.decorator_list.iter().all(|decorator| {
                self.model
                    .meaning(&decorator.expression)
                    .path()
                    .is_some_and(is_plain_decorator)
            })
    }

    /// The function or class of this file that a name can only mean.
    pub fn definition_here(&self, name: &Expr) -> Option<AnyNodeRef<'a>> {
        let Expr::Name(_) = name else { return None };
        let symbol = self.model.scopes.symbol_of(self.model.id(name))?;
        match self.model.scopes.symbol(symbol).bindings[..] {
            [binding] => {
                let binding = self.model.scopes.binding(binding);
                matches!(binding.kind, BindingKind::Function | BindingKind::Class)
                    .then(|| self.model.nodes.get(binding.node))
            }
            _ => None,
        }
    }

    /// What the file says of limits.
    pub fn limits(&self) -> Limits<'a, '_> {
        Limits::new(self.model, &self.callees)
    }

    /// The value of an assignment, by its number.
    pub fn expr(&self, node: NodeId) -> Option<&'a Expr> {
        self.callees.expr_at(node)
    }

    /// Whether a node is code of an `async def`: its own, not that of a function in it.
    pub fn in_async(&self, node: NodeId) -> bool {
        self.model.is_async(self.model.runner(node))
    }

    /// The innermost loop or comprehension of the same function that runs a node again and again.
    pub fn repeats(&self, node: NodeId) -> Option<NodeId> {
        self.model.repeats(node)
    }

    /// Whether a node is code of a function, not of a function, lambda or class in it.
    pub fn is_own_code(&self, node: NodeId, function: &ast::StmtFunctionDef) -> bool {
        match self.model.runner(node) {
            Runner::Function(index) => {
                self.model.scopes.functions()[index as usize].node == self.model.id(function)
            }
            Runner::Module | Runner::Class => false,
        }
    }

    /// Whether an enclosing `async with` or call limits the time that a node may take.
    pub fn is_timed(&self, node: NodeId) -> bool {
        const LIMITS: &[&str] = &[
            "anyio.fail_after",
            "anyio.move_on_after",
            "async_timeout.timeout",
            "asyncio.timeout",
            "asyncio.timeout_at",
            "asyncio.wait_for",
        ];
        let limits = |expr: &'a Expr| {
            expr.as_call_expr()
                .and_then(|call| self.path(&call.func))
                .is_some_and(|path| LIMITS.contains(&path.as_str()))
        };
        self.model
            .nodes
            .ancestors(node)
            .take_while(|&at| !matches!(self.model.nodes.get(at), AnyNodeRef::StmtFunctionDef(_)))
            .any(|at| match self.model.nodes.get(at) {
                AnyNodeRef::StmtWith(with) => {
                    with.items.iter().any(|item| limits(&item.context_expr))
                }
                AnyNodeRef::ExprCall(call) => self
                    .path(&call.func)
                    .is_some_and(|path| LIMITS.contains(&path.as_str())),
                _ => false,
            })
    }
}
