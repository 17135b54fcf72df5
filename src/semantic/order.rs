//! When an expression of a statement is evaluated: always and first, or not.
//!
//! Code that is moved before its statement runs before everything else in it. That is the same only where it ran always,
//! and where nothing that it could see or change ran earlier
//! (<https://docs.python.org/3/reference/expressions.html#evaluation-order>).

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall};
use ruff_text_size::{Ranged, TextRange};

use super::Model;
use super::nodes::NodeId;
use super::scope::Scopes;

/// When an expression is evaluated, as seen from its statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Always, once, and nothing before it has an effect or reads what may change.
    First,
    /// After the code of this span, which has effects or reads what may change meanwhile.
    After(TextRange),
    /// Not always, or more than once: because of the construct of this span.
    Conditional(TextRange),
}

/// What may be passed over: code that is harmless although it does not look so.
pub struct Harmless<'f, 'a> {
    /// Calls without effect (their arguments are looked at all the same).
    pub call: &'f dyn Fn(&'a ExprCall) -> bool,
    /// Nodes that are moved as well, in order.
    pub moved: &'f [NodeId],
}

impl<'a> Model<'a> {
    /// When `node` is evaluated within `root`, one of its ancestors.
    pub fn turn(&self, node: NodeId, root: NodeId, harmless: &Harmless<'_, 'a>) -> Turn {
        let mut at = node;
        while at != root {
            let parent = self.nodes.parent(at);
            if parent == at {
                break;
            }
            match self.step(at, parent, harmless) {
                Turn::First => at = parent,
                other => return other,
            }
        }
        Turn::First
    }

    /// The same for one step: a node and its parent.
    fn step(&self, at: NodeId, parent: NodeId, harmless: &Harmless<'_, 'a>) -> Turn {
        let conditional = Turn::Conditional(self.nodes.range(parent));
        let is = |expr: &Expr| self.id(expr) == at;
        match self.nodes.get(parent) {
            AnyNodeRef::ExprBoolOp(operation) => {
                return if operation.values.first().is_some_and(is) {
                    Turn::First
                } else {
                    conditional
                };
            }
            AnyNodeRef::ExprIf(if_) => {
                return if is(&if_.test) {
                    Turn::First
                } else {
                    conditional
                };
            }
            AnyNodeRef::ExprCompare(compare) => {
                if compare.comparators.iter().skip(1).any(is) {
                    return conditional;
                }
            }
            AnyNodeRef::Comprehension(clause) => {
                return if is(&clause.iter) {
                    Turn::First
                } else {
                    conditional
                };
            }
            AnyNodeRef::ExprListComp(comprehension) => {
                return self.first_clause(at, &comprehension.generators, conditional);
            }
            AnyNodeRef::ExprSetComp(comprehension) => {
                return self.first_clause(at, &comprehension.generators, conditional);
            }
            AnyNodeRef::ExprDictComp(comprehension) => {
                return self.first_clause(at, &comprehension.generators, conditional);
            }
            AnyNodeRef::ExprGenerator(comprehension) => {
                return self.first_clause(at, &comprehension.generators, conditional);
            }
            // The value comes first, then the targets.
            AnyNodeRef::ExprNamed(_) => return Turn::First,
            AnyNodeRef::StmtAssign(assign) => {
                return if is(&assign.value) {
                    Turn::First
                } else {
                    Turn::After(assign.value.range())
                };
            }
            AnyNodeRef::StmtAnnAssign(assign) => {
                return if assign.value.as_deref().is_some_and(is) {
                    Turn::First
                } else {
                    conditional
                };
            }
            AnyNodeRef::StmtFor(for_) => {
                return if is(&for_.iter) {
                    Turn::First
                } else {
                    conditional
                };
            }
            AnyNodeRef::StmtIf(if_) => {
                return if is(&if_.test) {
                    Turn::First
                } else {
                    conditional
                };
            }
            AnyNodeRef::StmtMatch(match_) => {
                return if is(&match_.subject) {
                    Turn::First
                } else {
                    conditional
                };
            }
            AnyNodeRef::StmtAssert(assert) => {
                return if is(&assert.test) {
                    Turn::First
                } else {
                    conditional
                };
            }
            AnyNodeRef::WithItem(item) => {
                return if is(&item.context_expr) {
                    Turn::First
                } else {
                    Turn::After(item.context_expr.range())
                };
            }
            AnyNodeRef::InterpolatedElement(element) => {
                if element.debug_text.is_some() {
                    return conditional;
                }
            }
            AnyNodeRef::Arguments(_)
            | AnyNodeRef::Keyword(_)
            | AnyNodeRef::FString(_)
            | AnyNodeRef::StmtAugAssign(_)
            | AnyNodeRef::StmtDelete(_)
            | AnyNodeRef::StmtExpr(_)
            | AnyNodeRef::StmtRaise(_)
            | AnyNodeRef::StmtReturn(_)
            | AnyNodeRef::StmtWith(_) => {}
            AnyNodeRef::ExprLambda(_) => return conditional,
            other if other.is_expression() => {}
            _ => return conditional,
        }
        let called = match self.nodes.get(parent) {
            AnyNodeRef::ExprCall(call) => Some(self.id(call.func.as_ref())),
            _ => None,
        };
        for earlier in (parent.0 + 1..at.0).map(NodeId) {
            if self.nodes.parent(earlier) != parent {
                continue;
            }
            let quiet = if called == Some(earlier) {
                self.is_settled_callee(earlier)
            } else {
                self.is_settled_node(earlier, harmless)
            };
            if !quiet {
                return Turn::After(self.nodes.range(earlier));
            }
        }
        Turn::First
    }

    fn first_clause(
        &self,
        at: NodeId,
        clauses: &'a [ruff_python_ast::Comprehension],
        conditional: Turn,
    ) -> Turn {
        if clauses.first().is_some_and(|clause| self.id(clause) == at) {
            Turn::First
        } else {
            conditional
        }
    }

    /// What is called may be a method of a name: `results.extend(...)`.
    fn is_settled_callee(&self, node: NodeId) -> bool {
        match self.nodes.get(node) {
            AnyNodeRef::ExprName(_) => self.is_settled_name(node),
            AnyNodeRef::ExprAttribute(attribute) => match attribute.value.as_ref() {
                Expr::Name(_) => self.is_settled_name(self.id(attribute.value.as_ref())),
                Expr::StringLiteral(_) => true,
                value => self.meaning(value).path().is_some(),
            },
            _ => false,
        }
    }

    /// Whether evaluating it now or a little later makes no difference: it has no effect, and what it reads cannot
    /// change while other coroutines run.
    fn is_settled_node(&self, node: NodeId, harmless: &Harmless<'_, 'a>) -> bool {
        if harmless.moved.contains(&node) {
            return true;
        }
        match self.nodes.get(node) {
            AnyNodeRef::ExprName(_) => self.is_settled_name(node),
            AnyNodeRef::ExprAttribute(attribute) => self.meaning(&attribute.value).path().is_some(),
            AnyNodeRef::ExprStringLiteral(_)
            | AnyNodeRef::ExprBytesLiteral(_)
            | AnyNodeRef::ExprNumberLiteral(_)
            | AnyNodeRef::ExprBooleanLiteral(_)
            | AnyNodeRef::ExprNoneLiteral(_)
            | AnyNodeRef::ExprEllipsisLiteral(_)
            | AnyNodeRef::InterpolatedStringLiteralElement(_)
            | AnyNodeRef::StringLiteral(_)
            | AnyNodeRef::BytesLiteral(_)
            | AnyNodeRef::Identifier(_)
            | AnyNodeRef::ExprLambda(_) => true,
            AnyNodeRef::ExprTuple(_) | AnyNodeRef::ExprList(_) | AnyNodeRef::Keyword(_) => {
                self.are_children_settled(node, harmless)
            }
            AnyNodeRef::ExprUnaryOp(unary) => unary.operand.is_number_literal_expr(),
            AnyNodeRef::Arguments(_) => self.are_children_settled(node, harmless),
            AnyNodeRef::ExprCall(call) if (harmless.call)(call) => {
                self.is_settled_callee(self.id(call.func.as_ref()))
                    && self.are_children_settled(self.id(&call.arguments), harmless)
            }
            _ => false,
        }
    }

    fn are_children_settled(&self, node: NodeId, harmless: &Harmless<'_, 'a>) -> bool {
        self.nodes
            .subtree(node)
            .filter(|&child| child != node && self.nodes.parent(child) == node)
            .all(|child| self.is_settled_node(child, harmless))
    }

    /// A name that only its own scope binds: a local of this function, a module's name, a builtin.
    pub fn is_settled_name(&self, node: NodeId) -> bool {
        let Some(symbol) = self.scopes.symbol_of(node) else {
            return true;
        };
        let symbol = self.scopes.symbol(symbol);
        let own = self.scopes.scope(symbol.scope).node;
        let is_near = symbol.scope == Scopes::MODULE || self.runner_node(node) == Some(own);
        is_near
            && symbol
                .bindings
                .iter()
                .all(|&binding| self.scopes.binding(binding).scope == symbol.scope)
    }

    /// The `def` or `lambda` that runs a node.
    pub fn runner_node(&self, node: NodeId) -> Option<NodeId> {
        match self.runner(node) {
            super::Runner::Function(index) => self
                .scopes
                .functions()
                .get(index as usize)
                .map(|function| function.node),
            super::Runner::Module | super::Runner::Class => None,
        }
    }
}
