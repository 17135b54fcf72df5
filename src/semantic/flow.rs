//! Where a value goes: every use of what an expression yields, followed through local names.
//!
//! This is the escape analysis of a local: codemods accept the uses they know and refuse a unit whose value reaches any
//! other. A use that cannot be classified is [`UseKind::Other`], so nothing is missed in silence.

use ruff_python_ast::{self as ast, AnyNodeRef, CmpOp, Expr, ExprContext, Stmt, UnaryOp};
use ruff_text_size::Ranged;
use rustc_hash::{FxHashMap, FxHashSet};

use super::nodes::NodeId;
use super::reaching::Reaching;
use super::scope::{BindingId, BindingKind, SymbolId};
use super::{Model, Runner};

/// What is done with a value at one place.
#[derive(Clone, Copy, Debug)]
pub enum UseKind<'a> {
    /// `value.attr`, read.
    Attribute(&'a ast::ExprAttribute),
    /// `value.attr(...)`.
    Method {
        /// The attribute.
        attribute: &'a ast::ExprAttribute,
        /// The call.
        call: &'a ast::ExprCall,
    },
    /// `value.attr = ...`, `value.attr += ...` or `del value.attr`.
    AttributeStore(&'a ast::ExprAttribute),
    /// `value(...)`.
    Called(&'a ast::ExprCall),
    /// Only its truth counts: `if value`, `not value`, `while value`, `assert value`, `value and ...` in a test.
    Truth,
    /// `value is None`, `value is not None`.
    IsNone,
    /// Any other comparison.
    Compared,
    /// An operand of `and`/`or` whose result is used as a value.
    BoolOperand,
    /// `for x in value`.
    Iterated(&'a ast::StmtFor),
    /// `... for x in value` in a comprehension or generator expression: the clause.
    IteratedInComprehension(&'a ast::Comprehension),
    /// `with value [as name]`: the statement and the 0-based item.
    With {
        /// The statement.
        statement: &'a ast::StmtWith,
        /// The 0-based item.
        item: usize,
    },
    /// An argument of a call.
    Argument {
        /// The call.
        call: &'a ast::ExprCall,
        /// The keyword, if it is passed by name.
        keyword: Option<&'a str>,
    },
    /// `await value`.
    Awaited(&'a ast::ExprAwait),
    /// `return value`, or the body of a lambda.
    Returned,
    /// `yield value` or `yield from value`.
    Yielded,
    /// Stored where local names do not reach: an attribute, a subscript, a global, a container, a default argument.
    Stored,
    /// A part of a tuple, list, set or dict display.
    Contained,
    /// Unpacked: `a, b = value`, `*value`, `**value`.
    Unpacked,
    /// `value[...]`.
    Subscripted,
    /// In an f-string.
    Formatted,
    /// A branch of `... if ... else ...`, whose result is used.
    Branch,
    /// `del name`.
    Deleted,
    /// An expression statement: the value is dropped.
    Discarded,
    /// Anything else.
    Other,
}

/// Which values a place may see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// Only values of the followed expressions.
    Always,
    /// One of those, or `None`.
    OrNone,
    /// Those, or something else.
    Mixed,
}

/// One use of a followed value.
#[derive(Clone, Copy, Debug)]
pub struct Use<'a> {
    /// The expression that holds the value: the origin itself, or a `Name`.
    pub node: NodeId,
    /// What is done with it.
    pub kind: UseKind<'a>,
    /// What else the place may see.
    pub certainty: Certainty,
    /// Whether it stands in another function than the origin (a closure).
    pub captured: bool,
}

/// Everywhere a value goes.
#[derive(Clone, Debug, Default)]
pub struct Flow<'a> {
    /// The uses, in source order.
    pub uses: Vec<Use<'a>>,
    /// The names that hold it.
    pub symbols: Vec<SymbolId>,
    /// The bindings that hold it, sorted.
    pub bindings: Vec<BindingId>,
}

impl<'a> Model<'a> {
    /// Follows the values of `origins` (expressions of one function) through names, walruses and, with
    /// `through_with`, `with value as name` (for values whose `__enter__` returns themselves).
    ///
    /// Names whose bindings are all followed are followed into closures, too; see [`Use::captured`].
    pub fn follow(&self, origins: &[NodeId], through_with: bool) -> Flow<'a> {
        let home = origins
            .first()
            .map_or(Runner::Module, |&origin| self.runner(origin));
        self.follow_in(home, origins, &[], through_with)
    }

    /// The same within one function, where names (parameters, the targets of loops) hold the value from the start as well:
    /// `targets` are the nodes that bind them.
    pub fn follow_in(
        &self,
        home: Runner,
        origins: &[NodeId],
        targets: &[NodeId],
        through_with: bool,
    ) -> Flow<'a> {
        let mut follower = Follower {
            model: self,
            through_with,
            home,
            bindings: FxHashSet::default(),
            flow: Flow::default(),
            pending: origins.to_vec(),
            seen: FxHashSet::default(),
        };
        for &target in targets {
            follower.bind(target);
        }
        follower.run();
        follower.flow
    }

    /// The statements that a runner runs.
    pub fn body_of(&self, runner: Runner) -> &'a [Stmt] {
        match runner {
            Runner::Module | Runner::Class => &self.parsed.syntax().body,
            Runner::Function(index) => self
                .scopes
                .functions()
                .get(index as usize)
                .and_then(|function| function.definition)
                .map_or(&[], |definition| &definition.body),
        }
    }
}

struct Follower<'a, 'm> {
    model: &'m Model<'a>,
    through_with: bool,
    home: Runner,
    bindings: FxHashSet<BindingId>,
    flow: Flow<'a>,
    pending: Vec<NodeId>,
    seen: FxHashSet<NodeId>,
}

impl<'a> Follower<'a, '_> {
    fn run(&mut self) {
        let mut loads: FxHashMap<NodeId, Certainty> = FxHashMap::default();
        loop {
            while let Some(node) = self.pending.pop() {
                if self.seen.insert(node) {
                    let certainty = loads.get(&node).copied().unwrap_or(Certainty::Always);
                    self.use_at(node, certainty);
                }
            }
            // The names that hold the value may have grown: find the loads that see it.
            let found = self.loads();
            let mut grew = false;
            for (node, certainty) in found {
                if loads.insert(node, certainty).is_none() {
                    self.pending.push(node);
                    grew = true;
                }
            }
            if !grew {
                break;
            }
        }
        for use_ in &mut self.flow.uses {
            if let Some(&certainty) = loads.get(&use_.node) {
                use_.certainty = certainty;
            }
        }
        self.flow.uses.sort_by_key(|use_| use_.node);
        self.flow.bindings = self.bindings.iter().copied().collect();
        self.flow.bindings.sort_unstable();
    }

    /// The loads that may see a followed binding, each with what else it may see.
    fn loads(&self) -> Vec<(NodeId, Certainty)> {
        let scopes = &self.model.scopes;
        let tracked: FxHashSet<SymbolId> = self
            .bindings
            .iter()
            .map(|&binding| scopes.binding(binding).symbol)
            .collect();
        // One binding in all: every load sees it, and nothing else.
        let ambiguous: FxHashSet<SymbolId> = tracked
            .iter()
            .copied()
            .filter(|&symbol| {
                let symbol = scopes.symbol(symbol);
                symbol
                    .bindings
                    .iter()
                    .any(|binding| !self.bindings.contains(binding))
            })
            .collect();
        let reaching = if ambiguous.is_empty() {
            Reaching::default()
        } else {
            Reaching::new(self.model, self.model.body_of(self.home), &ambiguous)
        };
        let mut found = Vec::new();
        let mut symbols: Vec<SymbolId> = tracked.into_iter().collect();
        symbols.sort_unstable();
        for symbol in symbols {
            let all = &scopes.symbol(symbol).bindings;
            for &load in &scopes.symbol(symbol).references {
                let seen = if ambiguous.contains(&symbol) {
                    reaching.at(load).unwrap_or(all)
                } else {
                    all
                };
                if !seen.iter().any(|binding| self.bindings.contains(binding)) {
                    continue;
                }
                let certainty = seen
                    .iter()
                    .map(|&binding| {
                        if self.bindings.contains(&binding) {
                            Certainty::Always
                        } else {
                            self.certainty_of(binding)
                        }
                    })
                    .max()
                    .unwrap_or(Certainty::Always);
                found.push((load, certainty));
            }
        }
        found
    }

    fn certainty_of(&self, binding: BindingId) -> Certainty {
        match self.model.scopes.binding(binding).kind {
            BindingKind::Assign { value }
                if matches!(self.model.nodes.get(value), AnyNodeRef::ExprNoneLiteral(_)) =>
            {
                Certainty::OrNone
            }
            BindingKind::Declared => Certainty::Always,
            _ => Certainty::Mixed,
        }
    }

    fn bind(&mut self, target: NodeId) {
        let Some(binding) = self.model.scopes.binding_at(target) else {
            self.add(target, UseKind::Stored, Certainty::Always);
            return;
        };
        let symbol = self.model.scopes.binding(binding).symbol;
        let owner = self
            .model
            .scopes
            .scope(self.model.scopes.symbol(symbol).scope)
            .node;
        let local = match self.home {
            Runner::Function(index) => {
                let function = &self.model.scopes.functions()[index as usize];
                owner == function.node || self.model.nodes.is_within(owner, function.node)
            }
            Runner::Module | Runner::Class => true,
        };
        if !local {
            // `global` and `nonlocal` names outlive the function.
            self.add(target, UseKind::Stored, Certainty::Always);
            return;
        }
        self.bindings.insert(binding);
        if !self.flow.symbols.contains(&symbol) {
            self.flow.symbols.push(symbol);
        }
    }

    fn add(&mut self, node: NodeId, kind: UseKind<'a>, certainty: Certainty) {
        let captured = self.model.runner(node) != self.home;
        self.flow.uses.push(Use {
            node,
            kind,
            certainty,
            captured,
        });
    }

    fn targets(
        &mut self,
        targets: impl Iterator<Item = &'a Expr>,
        node: NodeId,
        certainty: Certainty,
    ) {
        for target in targets {
            match target {
                Expr::Name(_) => self.bind(self.model.id(target)),
                Expr::Tuple(_) | Expr::List(_) => self.add(node, UseKind::Unpacked, certainty),
                _ => self.add(node, UseKind::Stored, certainty),
            }
        }
    }

    fn use_at(&mut self, node: NodeId, certainty: Certainty) {
        let model = self.model;
        let is = |expr: &Expr| model.id(expr) == node;
        let kind = match model.nodes.parent_node(node) {
            AnyNodeRef::StmtAssign(assign) if is(&assign.value) => {
                self.targets(assign.targets.iter(), node, certainty);
                return;
            }
            AnyNodeRef::StmtAnnAssign(assign) if assign.value.as_deref().is_some_and(is) => {
                self.targets(std::iter::once(assign.target.as_ref()), node, certainty);
                return;
            }
            AnyNodeRef::ExprNamed(named) if is(&named.value) => {
                self.bind(model.id(named.target.as_ref()));
                self.pending.push(model.id(named));
                return;
            }
            AnyNodeRef::WithItem(item) if is(&item.context_expr) => {
                let parent = model.nodes.parent(model.id(item));
                let AnyNodeRef::StmtWith(statement) = model.nodes.get(parent) else {
                    self.add(node, UseKind::Other, certainty);
                    return;
                };
                let index = statement
                    .items
                    .iter()
                    .position(|other| other.range() == item.range())
                    .unwrap_or(0);
                if self.through_with
                    && let Some(target) = &item.optional_vars
                {
                    self.targets(std::iter::once(target.as_ref()), node, certainty);
                }
                UseKind::With {
                    statement,
                    item: index,
                }
            }
            AnyNodeRef::ExprAttribute(attribute) => {
                let parent = model.nodes.parent_node(model.id(attribute));
                match (attribute.ctx, parent) {
                    (ExprContext::Load, AnyNodeRef::ExprCall(call))
                        if call.func.range() == attribute.range()
                            && call.func.is_attribute_expr() =>
                    {
                        UseKind::Method { attribute, call }
                    }
                    (ExprContext::Load, _) => UseKind::Attribute(attribute),
                    _ => UseKind::AttributeStore(attribute),
                }
            }
            AnyNodeRef::ExprCall(call) if is(&call.func) => UseKind::Called(call),
            AnyNodeRef::Arguments(arguments) => {
                match model.nodes.parent_node(model.id(arguments)) {
                    AnyNodeRef::ExprCall(call) => UseKind::Argument {
                        call,
                        keyword: None,
                    },
                    _ => UseKind::Other,
                }
            }
            AnyNodeRef::Keyword(keyword) => {
                let arguments = model.nodes.parent(model.id(keyword));
                match (model.nodes.parent_node(arguments), &keyword.arg) {
                    (AnyNodeRef::ExprCall(call), Some(name)) => UseKind::Argument {
                        call,
                        keyword: Some(name.as_str()),
                    },
                    (_, None) => UseKind::Unpacked,
                    _ => UseKind::Other,
                }
            }
            AnyNodeRef::ExprAwait(awaited) => UseKind::Awaited(awaited),
            AnyNodeRef::StmtReturn(_) | AnyNodeRef::ExprLambda(_) => UseKind::Returned,
            AnyNodeRef::ExprYield(_) | AnyNodeRef::ExprYieldFrom(_) => UseKind::Yielded,
            AnyNodeRef::StmtFor(for_) if is(&for_.iter) => UseKind::Iterated(for_),
            AnyNodeRef::Comprehension(clause) if is(&clause.iter) => {
                UseKind::IteratedInComprehension(clause)
            }
            AnyNodeRef::Comprehension(_)
            | AnyNodeRef::StmtIf(_)
            | AnyNodeRef::ElifElseClause(_)
            | AnyNodeRef::StmtWhile(_) => UseKind::Truth,
            AnyNodeRef::StmtAssert(assert) if is(&assert.test) => UseKind::Truth,
            AnyNodeRef::ExprUnaryOp(unary) if unary.op == UnaryOp::Not => UseKind::Truth,
            AnyNodeRef::ExprIf(if_) if is(&if_.test) => UseKind::Truth,
            AnyNodeRef::ExprIf(_) => UseKind::Branch,
            AnyNodeRef::ExprBoolOp(operation) => self.bool_operand(operation),
            AnyNodeRef::ExprCompare(compare) => {
                let none = matches!(&*compare.ops, [CmpOp::Is | CmpOp::IsNot])
                    && (compare.left.is_none_literal_expr()
                        || compare.comparators[0].is_none_literal_expr());
                if none {
                    UseKind::IsNone
                } else {
                    UseKind::Compared
                }
            }
            AnyNodeRef::ExprSubscript(subscript) if is(&subscript.value) => UseKind::Subscripted,
            AnyNodeRef::ExprStarred(_) => UseKind::Unpacked,
            AnyNodeRef::InterpolatedElement(_) => UseKind::Formatted,
            AnyNodeRef::ExprTuple(_)
            | AnyNodeRef::ExprList(_)
            | AnyNodeRef::ExprSet(_)
            | AnyNodeRef::ExprDict(_) => UseKind::Contained,
            AnyNodeRef::StmtDelete(_) => UseKind::Deleted,
            AnyNodeRef::StmtExpr(_) => UseKind::Discarded,
            AnyNodeRef::ParameterWithDefault(_) => UseKind::Stored,
            _ => UseKind::Other,
        };
        self.add(node, kind, certainty);
    }

    /// An operand of `and`/`or`: a test where the whole operation is one, else a value.
    fn bool_operand(&self, operation: &'a ast::ExprBoolOp) -> UseKind<'a> {
        let mut at = self.model.id(operation);
        loop {
            match self.model.nodes.parent_node(at) {
                AnyNodeRef::StmtIf(_)
                | AnyNodeRef::ElifElseClause(_)
                | AnyNodeRef::StmtWhile(_) => {
                    return UseKind::Truth;
                }
                AnyNodeRef::StmtAssert(assert) if self.model.id(assert.test.as_ref()) == at => {
                    return UseKind::Truth;
                }
                AnyNodeRef::ExprUnaryOp(unary) if unary.op == UnaryOp::Not => {
                    return UseKind::Truth;
                }
                AnyNodeRef::ExprIf(if_) if self.model.id(if_.test.as_ref()) == at => {
                    return UseKind::Truth;
                }
                AnyNodeRef::Comprehension(clause)
                    if clause.ifs.iter().any(|test| self.model.id(test) == at) =>
                {
                    return UseKind::Truth;
                }
                AnyNodeRef::ExprBoolOp(outer) => at = self.model.id(outer),
                _ => break,
            }
        }
        UseKind::BoolOperand
    }
}
