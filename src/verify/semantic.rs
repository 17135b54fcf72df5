//! The errors of CPython's compiler that need scopes.
//!
//! Ruff's [`SemanticSyntaxChecker`] finds most of them but does not walk the tree: this module walks it, part by part
//! in the scope where Python evaluates it (decorators, defaults, annotations, class bases and the first iterable of a
//! comprehension belong to the scope *around*). The rules on async code are our own (see [`super::scope`]): ruff's miss
//! a `return value` whose `yield` stands in a nested default, a comprehension that holds an `await` inside a
//! synchronous one before 3.11, and reject generator expressions with `await` at module level.

use std::cell::RefCell;
use std::mem;

use ruff_python_ast::statement_visitor::{StatementVisitor, walk_stmt as walk_nested_stmt};
use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{
    self as ast, Comprehension, Expr, ModModule, Parameters, PythonVersion as RuffVersion, Stmt,
};
use ruff_python_parser::semantic_errors::{
    LazyImportContext, SemanticSyntaxChecker, SemanticSyntaxContext, SemanticSyntaxError,
    SemanticSyntaxErrorKind, YieldOutsideFunctionKind,
};
use ruff_text_size::{Ranged, TextRange};

use super::SyntaxProblem;
use super::scope::{Scope, ScopeKind};
use crate::python::PythonVersion;

pub(super) const AWAIT: &str = "`await` outside of an asynchronous function";
pub(super) const ASYNC_FOR: &str = "`async for` outside of an asynchronous function";
pub(super) const ASYNC_WITH: &str = "`async with` outside of an asynchronous function";
pub(super) const ASYNC_COMPREHENSION: &str =
    "asynchronous comprehension outside of an asynchronous function";
pub(super) const NESTED_COMPREHENSION: &str =
    "asynchronous comprehension inside a synchronous one needs Python 3.11";
pub(super) const RETURN_VALUE: &str = "`return` with a value in an asynchronous generator";

/// The semantic syntax errors of a module without parse errors, in no particular order.
pub(super) fn check(module: &ModModule, text: &str, version: PythonVersion) -> Vec<SyntaxProblem> {
    let mut walker = Walker {
        text,
        version: version.to_ruff(),
        future_annotations: imports_future_annotations(&module.body),
        scopes: Vec::new(),
        checker: SemanticSyntaxChecker::new(),
        problems: RefCell::default(),
    };
    walker.block_scope(ScopeKind::Module, &module.body);
    walker.problems.into_inner()
}

/// Whether the file has `from __future__ import annotations`.
fn imports_future_annotations(body: &[Stmt]) -> bool {
    body.iter().any(|stmt| {
        stmt.as_import_from_stmt().is_some_and(|import| {
            import.module.as_deref() == Some("__future__")
                && import
                    .names
                    .iter()
                    .any(|alias| &alias.name == "annotations")
        })
    })
}

/// Walks the tree with its scopes.
struct Walker<'a> {
    text: &'a str,
    version: RuffVersion,
    future_annotations: bool,
    /// Innermost last.
    scopes: Vec<Scope<'a>>,
    checker: SemanticSyntaxChecker,
    /// In a cell because ruff's checker reports through a shared reference.
    problems: RefCell<Vec<SyntaxProblem>>,
}

impl<'a> Walker<'a> {
    fn report(&self, range: TextRange, message: impl Into<String>) {
        let message = message.into();
        self.problems
            .borrow_mut()
            .push(SyntaxProblem { range, message });
    }

    /// Hands the walker as context to ruff's checker, which is part of it.
    fn with_checker(&mut self, visit: impl FnOnce(&mut SemanticSyntaxChecker, &Self)) {
        let mut checker = mem::take(&mut self.checker);
        visit(&mut checker, self);
        self.checker = checker;
    }

    fn in_scope(&mut self, kind: ScopeKind<'a>, visit: impl FnOnce(&mut Self)) {
        self.scopes.push(Scope::new(kind));
        visit(self);
        if let Some(scope) = self.scopes.pop() {
            self.leave(scope);
        }
    }

    /// Visits the body of a module, class or function.
    fn block_scope(&mut self, kind: ScopeKind<'a>, body: &'a [Stmt]) {
        self.in_scope(kind, |walker| {
            let mut globals = GlobalNames::default();
            globals.visit_body(body);
            walker.update(|scope| scope.globals = globals.0);
            walker.visit_body(body);
        });
    }

    fn update(&mut self, change: impl FnOnce(&mut Scope<'a>)) {
        if let Some(scope) = self.scopes.last_mut() {
            change(scope);
        }
    }

    fn in_async_function(&self) -> bool {
        self.scopes.last().is_some_and(Scope::is_async_function)
    }

    /// Reports what is only known once a scope has been seen in full, and tells the scope around it.
    fn leave(&mut self, scope: Scope<'a>) {
        if scope.is_async_function() && scope.has_yield {
            for range in scope.returns {
                self.report(range, RETURN_VALUE);
            }
            return;
        }
        let ScopeKind::Comprehension { is_generator } = scope.kind else {
            return;
        };
        let passes_on = self.version >= RuffVersion::PY311;
        if scope.asynchronous.is_none() && !passes_on {
            for range in &scope.nested {
                self.report(*range, NESTED_COMPREHENSION);
            }
        }
        let inherited = scope.nested.first().copied().filter(|_| passes_on);
        let Some(cause) = scope.asynchronous.or(inherited) else {
            return;
        };
        if is_generator || self.in_async_function() {
            return;
        }
        match self.scopes.last_mut() {
            Some(outer) if matches!(outer.kind, ScopeKind::Comprehension { .. }) => {
                outer.nested.push(cause);
            }
            _ => self.report(cause, ASYNC_COMPREHENSION),
        }
    }

    fn visit_await(&mut self, range: TextRange) {
        match self.scopes.last_mut() {
            Some(scope) if scope.is_async_function() => {}
            Some(scope) if matches!(scope.kind, ScopeKind::Comprehension { .. }) => {
                scope.asynchronous.get_or_insert(range);
            }
            _ => self.report(range, AWAIT),
        }
    }

    fn visit_comprehensions(
        &mut self,
        generators: &'a [Comprehension],
        is_generator: bool,
        elements: [Option<&'a Expr>; 2],
    ) {
        if let Some(first) = generators.first() {
            self.visit_expr(&first.iter);
        }
        self.in_scope(ScopeKind::Comprehension { is_generator }, |walker| {
            let asynchronous = generators.iter().find(|generator| generator.is_async);
            walker.update(|scope| scope.asynchronous = asynchronous.map(Ranged::range));
            for (index, generator) in generators.iter().enumerate() {
                if index > 0 {
                    walker.visit_expr(&generator.iter);
                }
                walker.visit_expr(&generator.target);
                for test in &generator.ifs {
                    walker.visit_expr(test);
                }
            }
            for element in elements.into_iter().flatten() {
                walker.visit_expr(element);
            }
        });
    }

    fn visit_function(&mut self, function: &'a ast::StmtFunctionDef) {
        for decorator in &function.decorator_list {
            self.visit_decorator(decorator);
        }
        self.visit_defaults(&function.parameters);
        let annotations = function
            .parameters
            .iter()
            .filter_map(|parameter| parameter.annotation())
            .chain(function.returns.as_deref());
        if let Some(type_params) = function.type_params.as_deref() {
            self.in_scope(ScopeKind::Lazy, |walker| {
                walker.visit_type_params(type_params);
                annotations.for_each(|annotation| walker.visit_annotation(annotation));
            });
        } else {
            annotations.for_each(|annotation| self.visit_annotation(annotation));
        }
        let kind = ScopeKind::Function {
            is_async: function.is_async,
            parameters: &function.parameters,
        };
        self.block_scope(kind, &function.body);
    }

    fn visit_defaults(&mut self, parameters: &'a Parameters) {
        for parameter in parameters.iter_non_variadic_params() {
            if let Some(default) = parameter.default.as_deref() {
                self.visit_expr(default);
            }
        }
    }

    fn visit_class(&mut self, class: &'a ast::StmtClassDef) {
        for decorator in &class.decorator_list {
            self.visit_decorator(decorator);
        }
        let arguments = class.arguments.as_deref();
        if let Some(type_params) = class.type_params.as_deref() {
            self.in_scope(ScopeKind::Lazy, |walker| {
                walker.visit_type_params(type_params);
                arguments
                    .into_iter()
                    .for_each(|it| walker.visit_arguments(it));
            });
        } else {
            arguments
                .into_iter()
                .for_each(|it| self.visit_arguments(it));
        }
        self.block_scope(ScopeKind::Class, &class.body);
    }

    /// `break` and `continue` are allowed in the body of a loop, but not in its `else`.
    fn visit_loop(&mut self, body: &'a [Stmt], orelse: &'a [Stmt]) {
        self.update(|scope| scope.loops += 1);
        self.visit_body(body);
        self.update(|scope| scope.loops -= 1);
        self.visit_body(orelse);
    }
}

impl<'a> Visitor<'a> for Walker<'a> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        self.with_checker(|checker, context| checker.visit_stmt(stmt, context));
        match stmt {
            Stmt::FunctionDef(function) => self.visit_function(function),
            Stmt::ClassDef(class) => self.visit_class(class),
            Stmt::TypeAlias(alias) => {
                self.in_scope(ScopeKind::Lazy, |walker| {
                    if let Some(type_params) = alias.type_params.as_deref() {
                        walker.visit_type_params(type_params);
                    }
                    walker.visit_expr(&alias.value);
                });
                self.visit_expr(&alias.name);
            }
            Stmt::For(loop_stmt) => {
                if loop_stmt.is_async && !self.in_async_function() {
                    self.report(loop_stmt.range, ASYNC_FOR);
                }
                self.visit_expr(&loop_stmt.iter);
                self.visit_expr(&loop_stmt.target);
                self.visit_loop(&loop_stmt.body, &loop_stmt.orelse);
            }
            Stmt::While(loop_stmt) => {
                self.visit_expr(&loop_stmt.test);
                self.visit_loop(&loop_stmt.body, &loop_stmt.orelse);
            }
            Stmt::With(with) => {
                if with.is_async && !self.in_async_function() {
                    self.report(with.range, ASYNC_WITH);
                }
                visitor::walk_stmt(self, stmt);
            }
            Stmt::Try(_) => {
                self.update(|scope| scope.tries += 1);
                visitor::walk_stmt(self, stmt);
                self.update(|scope| scope.tries -= 1);
            }
            Stmt::Return(ret) => {
                if ret.value.is_some() {
                    self.update(|scope| scope.returns.push(ret.range));
                }
                visitor::walk_stmt(self, stmt);
            }
            _ => visitor::walk_stmt(self, stmt),
        }
    }

    fn visit_annotation(&mut self, expr: &'a Expr) {
        if self.future_annotations_or_stub() || self.version > RuffVersion::PY313 {
            self.in_scope(ScopeKind::Lazy, |walker| walker.visit_expr(expr));
        } else {
            self.visit_expr(expr);
        }
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        self.with_checker(|checker, context| checker.visit_expr(expr, context));
        match expr {
            Expr::Lambda(lambda) => {
                let parameters = lambda.parameters.as_deref();
                if let Some(parameters) = parameters {
                    self.visit_defaults(parameters);
                }
                self.in_scope(ScopeKind::Lambda { parameters }, |walker| {
                    walker.visit_expr(&lambda.body);
                });
            }
            Expr::ListComp(ast::ExprListComp {
                elt, generators, ..
            })
            | Expr::SetComp(ast::ExprSetComp {
                elt, generators, ..
            }) => {
                self.visit_comprehensions(generators, false, [Some(elt), None]);
            }
            Expr::DictComp(comp) => {
                let elements = [comp.key.as_deref(), Some(&*comp.value)];
                self.visit_comprehensions(&comp.generators, false, elements);
            }
            Expr::Generator(comp) => {
                self.visit_comprehensions(&comp.generators, true, [Some(&*comp.elt), None]);
            }
            Expr::Await(inner) => {
                self.visit_await(inner.range);
                visitor::walk_expr(self, expr);
            }
            Expr::Yield(_) | Expr::YieldFrom(_) => {
                self.update(|scope| scope.has_yield = true);
                visitor::walk_expr(self, expr);
            }
            _ => visitor::walk_expr(self, expr),
        }
    }
}

impl SemanticSyntaxContext for Walker<'_> {
    fn future_annotations_or_stub(&self) -> bool {
        self.future_annotations
    }

    fn lazy_import_context(&self) -> Option<LazyImportContext> {
        let scope = self.scopes.last()?;
        match scope.kind {
            ScopeKind::Function { .. } | ScopeKind::Lambda { .. } => {
                Some(LazyImportContext::Function)
            }
            ScopeKind::Class => Some(LazyImportContext::Class),
            _ => (scope.tries > 0).then_some(LazyImportContext::TryExceptBlocks),
        }
    }

    fn python_version(&self) -> RuffVersion {
        self.version
    }

    fn source(&self) -> &str {
        self.text
    }

    fn global(&self, name: &str) -> Option<TextRange> {
        let globals = &self.scopes.last()?.globals;
        let found = globals.iter().rev().find(|(global, _)| *global == name)?;
        Some(found.1)
    }

    fn has_nonlocal_binding(&self, _name: &str) -> bool {
        // Needs the bindings of every scope around. No edit of ours moves a `nonlocal` or the binding that it names.
        true
    }

    fn in_async_context(&self) -> bool {
        // Asked for `yield from` (innermost scope) and for the rules that `report_semantic_error` drops.
        self.in_async_function()
    }

    fn in_await_allowed_context(&self) -> bool {
        // `visit_await` decides.
        true
    }

    fn in_yield_allowed_context(&self) -> bool {
        let kind = self.scopes.last().map(|scope| scope.kind);
        matches!(
            kind,
            Some(ScopeKind::Function { .. } | ScopeKind::Lambda { .. } | ScopeKind::Lazy)
        )
    }

    fn in_sync_comprehension(&self) -> bool {
        // `leave` decides.
        false
    }

    fn in_class_body_comprehension(&self) -> bool {
        let around = self.scopes.iter().rev().map(|scope| scope.kind);
        let mut around = around.skip_while(|kind| matches!(kind, ScopeKind::Comprehension { .. }));
        matches!(around.next(), Some(ScopeKind::Class))
    }

    fn in_module_scope(&self) -> bool {
        matches!(
            self.scopes.last().map(|scope| scope.kind),
            Some(ScopeKind::Module)
        )
    }

    fn in_function_scope(&self) -> bool {
        matches!(
            self.scopes.last().map(|scope| scope.kind),
            Some(ScopeKind::Function { .. })
        )
    }

    fn in_generator_context(&self) -> bool {
        // `visit_await` decides.
        true
    }

    fn in_notebook(&self) -> bool {
        false
    }

    fn report_semantic_error(&self, error: SemanticSyntaxError) {
        let ours = matches!(
            error.kind,
            SemanticSyntaxErrorKind::AwaitOutsideAsyncFunction(_)
                | SemanticSyntaxErrorKind::AsyncComprehensionInSyncComprehension(_)
                | SemanticSyntaxErrorKind::YieldOutsideFunction(YieldOutsideFunctionKind::Await)
                | SemanticSyntaxErrorKind::ReturnInGenerator
        );
        if !ours {
            self.report(error.range, error.to_string());
        }
    }

    fn in_loop_context(&self) -> bool {
        self.scopes.last().is_some_and(|scope| scope.loops > 0)
    }

    fn is_bound_parameter(&self, name: &str) -> bool {
        let parameters = match self.scopes.last().map(|scope| scope.kind) {
            Some(ScopeKind::Function { parameters, .. }) => Some(parameters),
            Some(ScopeKind::Lambda { parameters }) => parameters,
            _ => None,
        };
        parameters.is_some_and(|parameters| parameters.includes(name))
    }
}

/// Collects the names that a scope declares `global`, without the scopes inside it.
#[derive(Default)]
struct GlobalNames<'a>(Vec<(&'a str, TextRange)>);

impl<'a> StatementVisitor<'a> for GlobalNames<'a> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::Global(global) => {
                let names = global.names.iter();
                self.0
                    .extend(names.map(|name| (name.as_str(), global.range)));
            }
            Stmt::FunctionDef(_) | Stmt::ClassDef(_) => {}
            _ => walk_nested_stmt(self, stmt),
        }
    }
}
