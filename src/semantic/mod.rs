//! Semantics of one file: nodes with parents, scopes and bindings, qualified names, where values flow.
//!
//! Invariant: everything here is about one file, pure, and derived from its tree alone. What codemods need twice
//! belongs here.

pub mod arguments;
pub mod block;
pub mod builtins;
pub mod callee;
pub mod common;
pub mod contexts;
pub mod evaluation;
mod file_race;
pub mod flow;
pub mod interrupt;
pub mod listing;
pub mod literal;
pub mod locks;
pub mod names;
pub mod nodes;
pub mod order;
pub mod race;
pub mod reaching;
pub mod references;
pub mod scope;
pub mod statement;
pub mod threads;
pub mod to_thread;

use std::cell::OnceCell;

use ruff_python_ast::token::{Token, Tokens};
use ruff_python_ast::{AnyNodeRef, Expr, ExprRef, HasNodeIndex, ModModule, Stmt};
use ruff_python_parser::Parsed;
use ruff_text_size::{Ranged, TextRange, TextSize};

pub use names::{Meaning, ModuleName};
pub use nodes::{NodeId, Nodes};
pub use scope::{BindingKind, ScopeKind, Scopes};

/// The semantic model of one parsed file.
pub struct Model<'a> {
    /// The decoded text.
    pub text: &'a str,
    /// The parsed file: tree and tokens.
    pub parsed: &'a Parsed<ModModule>,
    /// The module's dotted name, for relative imports.
    pub module: &'a ModuleName,
    /// The nodes.
    pub nodes: Nodes<'a>,
    /// Scopes, bindings and references.
    pub scopes: Scopes<'a>,
    locks: OnceCell<locks::Locks>,
    races: OnceCell<race::Races>,
}

/// What runs an expression: the innermost function, lambda, class body or module round it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Runner {
    /// Module level.
    Module,
    /// A class body.
    Class,
    /// A function or lambda: its number in [`Scopes::functions`].
    Function(u32),
}

impl<'a> Model<'a> {
    /// Builds the model. Recursive in the depth of the tree: run it on a thread with a large stack.
    pub fn new(text: &'a str, parsed: &'a Parsed<ModModule>, module: &'a ModuleName) -> Self {
        let nodes = Nodes::new(parsed.syntax());
        let scopes = Scopes::new(parsed.syntax(), &nodes);
        Self {
            text,
            parsed,
            module,
            nodes,
            scopes,
            locks: OnceCell::new(),
            races: OnceCell::new(),
        }
    }

    /// The reads and writes of shared state in the file, looked for when first asked for.
    fn races(&self) -> &race::Races {
        self.races.get_or_init(|| race::Races::new(self))
    }

    /// The thread locks of the file, looked for when first asked for.
    fn locks(&self) -> &locks::Locks {
        self.locks.get_or_init(|| locks::collect(self))
    }

    /// The tokens of the file.
    pub fn tokens(&self) -> &'a Tokens {
        self.parsed.tokens()
    }

    /// The number of a node.
    pub fn id(&self, node: &impl HasNodeIndex) -> NodeId {
        self.nodes.id(node)
    }

    /// The source text of a span.
    pub fn slice(&self, range: TextRange) -> &'a str {
        &self.text[range]
    }

    /// The expression with this number, if the node is one.
    pub fn expr(&self, id: NodeId) -> Option<ExprRef<'a>> {
        self.nodes.get(id).as_expr_ref()
    }

    /// What runs the code of a node.
    pub fn runner(&self, node: NodeId) -> Runner {
        for scope in self.scopes.enclosing(self.scope_at(node)) {
            match self.scopes.scope(scope).kind {
                ScopeKind::Module => return Runner::Module,
                ScopeKind::Class => return Runner::Class,
                ScopeKind::Function { .. } | ScopeKind::Lambda => {
                    let functions = self.scopes.functions();
                    // Functions and their scopes are both numbered in source order.
                    let index = functions.partition_point(|function| function.scope < scope);
                    return Runner::Function(index as u32);
                }
                ScopeKind::Comprehension | ScopeKind::Generator | ScopeKind::TypeParameters => {}
            }
        }
        Runner::Module
    }

    /// The scope of a node: of the nearest expression or statement for nodes that are neither.
    pub fn scope_at(&self, node: NodeId) -> scope::ScopeId {
        if self.is_evaluated(node) {
            return self.scopes.scope_of(node);
        }
        self.nodes
            .ancestors(node)
            .find(|&at| self.is_evaluated(at))
            .map_or(Scopes::MODULE, |at| self.scopes.scope_of(at))
    }

    fn is_evaluated(&self, node: NodeId) -> bool {
        let node = self.nodes.get(node);
        node.is_expression() || node.is_statement()
    }

    /// Whether a function is an `async def`.
    pub fn is_async(&self, runner: Runner) -> bool {
        match runner {
            Runner::Function(index) => self
                .scopes
                .functions()
                .get(index as usize)
                .and_then(|function| function.definition)
                .is_some_and(|definition| definition.is_async),
            Runner::Module | Runner::Class => false,
        }
    }

    /// The span of an expression with the parentheses round it, if it has any that are its own.
    pub fn parenthesized_range(&self, expr: ExprRef<'a>) -> TextRange {
        let parent = self.nodes.parent_node(self.nodes.id(&expr));
        ruff_python_ast::token::parenthesized_range(expr, parent, self.tokens())
            .unwrap_or(expr.range())
    }

    /// The dotted name of the function or class round a node, for people; `<module>` outside of any.
    pub fn context_name(&self, node: NodeId) -> String {
        match self.runner(node) {
            Runner::Function(index) => self.scopes.functions()[index as usize]
                .qualified_name
                .clone(),
            Runner::Class | Runner::Module => self
                .nodes
                .ancestors(node)
                .find_map(|at| match self.nodes.get(at) {
                    AnyNodeRef::StmtClassDef(class) => Some(class.name.to_string()),
                    _ => None,
                })
                .unwrap_or_else(|| "<module>".to_string()),
        }
    }

    /// Every call of the file, in source order.
    pub fn calls(&self) -> impl Iterator<Item = &'a ruff_python_ast::ExprCall> + '_ {
        (0..self.nodes.len() as u32).filter_map(|id| match self.nodes.get(NodeId(id)) {
            AnyNodeRef::ExprCall(call) => Some(call),
            _ => None,
        })
    }

    /// Whether any comment stands in a span.
    pub fn has_comment(&self, range: TextRange) -> bool {
        self.comments_in(range).next().is_some()
    }

    /// The spans of the comments that lie in a span, in source order. The span may start and end anywhere, in a token too.
    pub fn comments_in(&self, range: TextRange) -> impl Iterator<Item = TextRange> + use<'a> {
        let tokens: &'a [Token] = self.tokens();
        let first = tokens.partition_point(|token| token.start() < range.start());
        tokens[first..]
            .iter()
            .take_while(move |token| token.end() <= range.end())
            .filter(|token| token.kind().is_comment())
            .map(Ranged::range)
    }

    /// The spans whose line starts must not move: string literals that contain a line end, sorted.
    pub fn protected_lines(&self) -> Vec<TextRange> {
        use ruff_python_ast::token::TokenKind;
        let mut ranges = Vec::new();
        let mut interpolated: Vec<TextSize> = Vec::new();
        for token in self.tokens().iter() {
            match token.kind() {
                TokenKind::FStringStart | TokenKind::TStringStart => {
                    interpolated.push(token.start())
                }
                TokenKind::FStringEnd | TokenKind::TStringEnd => {
                    if let Some(start) = interpolated.pop()
                        && interpolated.is_empty()
                    {
                        let range = TextRange::new(start, token.end());
                        if self.slice(range).contains('\n') {
                            ranges.push(range);
                        }
                    }
                }
                TokenKind::String
                    if interpolated.is_empty() && self.slice(token.range()).contains('\n') =>
                {
                    ranges.push(token.range());
                }
                _ => {}
            }
        }
        ranges
    }

    /// One level of indentation, as the file writes it: its first indented line, or four spaces.
    pub fn indent_unit(&self) -> &'a str {
        use ruff_python_ast::token::TokenKind;
        self.tokens()
            .iter()
            .find(|token| token.kind() == TokenKind::Indent)
            .map_or("    ", |token| self.slice(token.range()))
    }

    /// The body that a statement stands in, and its position there.
    pub fn suite_of(&self, stmt: NodeId) -> Option<(&'a [Stmt], usize)> {
        let range = self.nodes.range(stmt);
        let find = |body: &'a [Stmt]| {
            let index = body.partition_point(|other| other.start() < range.start());
            body.get(index)
                .filter(|other| self.id(*other) == stmt)
                .map(|_| (body, index))
        };
        match self.nodes.parent_node(stmt) {
            AnyNodeRef::ModModule(module) => find(&module.body),
            AnyNodeRef::StmtFunctionDef(node) => find(&node.body),
            AnyNodeRef::StmtClassDef(node) => find(&node.body),
            AnyNodeRef::StmtFor(node) => find(&node.body).or_else(|| find(&node.orelse)),
            AnyNodeRef::StmtWhile(node) => find(&node.body).or_else(|| find(&node.orelse)),
            AnyNodeRef::StmtIf(node) => find(&node.body),
            AnyNodeRef::ElifElseClause(node) => find(&node.body),
            AnyNodeRef::StmtWith(node) => find(&node.body),
            AnyNodeRef::MatchCase(node) => find(&node.body),
            AnyNodeRef::ExceptHandlerExceptHandler(node) => find(&node.body),
            AnyNodeRef::StmtTry(node) => find(&node.body)
                .or_else(|| find(&node.orelse))
                .or_else(|| find(&node.finalbody)),
            _ => None,
        }
    }

    /// The innermost statement that holds a node (the node itself, if it is a statement).
    pub fn statement_of(&self, node: NodeId) -> NodeId {
        if self.nodes.get(node).is_statement() {
            return node;
        }
        self.nodes
            .ancestors(node)
            .find(|&at| self.nodes.get(at).is_statement())
            .unwrap_or(Nodes::ROOT)
    }

    /// The expression's own node as a reference.
    pub fn node_of(&self, expr: &'a Expr) -> NodeId {
        self.id(expr)
    }
}
