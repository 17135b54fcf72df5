//! Locks that are held round a node: an `await` there hands control to other tasks while the lock stays taken.

use ruff_python_ast::{AnyNodeRef, Expr};
use ruff_text_size::{Ranged, TextRange};

use super::{BindingKind, Model, NodeId};

impl Model<'_> {
    /// The lock of a sync `with` statement whose body holds this node, in the same function.
    pub fn held_lock(&self, node: NodeId) -> Option<TextRange> {
        let range = self.nodes.range(node);
        self.nodes
            .ancestors(node)
            .take_while(|&at| {
                !matches!(
                    self.nodes.get(at),
                    AnyNodeRef::StmtFunctionDef(_) | AnyNodeRef::StmtClassDef(_)
                )
            })
            .find_map(|at| match self.nodes.get(at) {
                AnyNodeRef::StmtWith(statement) if !statement.is_async => statement
                    .items
                    .iter()
                    // The items before the one that holds the node are entered already.
                    .take_while(|item| item.start() < range.start())
                    .filter(|item| !item.range().contains_range(range))
                    .find(|item| self.is_lock(&item.context_expr))
                    .map(|item| item.context_expr.range()),
                _ => None,
            })
    }

    /// Whether the context expression of a sync `with` is a lock: made by `threading` or `multiprocessing`, as far as
    /// the file shows it, or called one.
    pub fn is_lock(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Call(call) => self.is_lock_maker(&call.func) || self.is_lock(&call.func),
            Expr::Attribute(attribute) => is_lock_name(attribute.attr.as_str()),
            Expr::Subscript(subscript) => self.is_lock(&subscript.value),
            Expr::Name(name) => {
                is_lock_name(name.id.as_str())
                    || self.scopes.symbol_of(self.id(name)).is_some_and(|symbol| {
                        let bindings = &self.scopes.symbol(symbol).bindings;
                        bindings.iter().any(|&binding| {
                            let BindingKind::Assign { value } = self.scopes.binding(binding).kind
                            else {
                                return false;
                            };
                            matches!(self.nodes.get(value), AnyNodeRef::ExprCall(call) if self.is_lock_maker(&call.func))
                        })
                    })
            }
            _ => false,
        }
    }

    fn is_lock_maker(&self, func: &Expr) -> bool {
        let meaning = self.meaning(func);
        ["threading", "multiprocessing"].iter().any(|module| {
            meaning.below(module).is_some_and(|name| {
                matches!(
                    name,
                    "Lock" | "RLock" | "Condition" | "Semaphore" | "BoundedSemaphore"
                )
            })
        })
    }
}

/// `lock`, `_lock`, `write_lock`, `FileLock`, `mutex`, but not `block` and `clock`.
fn is_lock_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let ends = |word: &str| name.ends_with(word);
    ends("mutex")
        || ends("semaphore")
        || ["lock", "locks", "locked"].iter().any(|word| ends(word))
            && !["block", "clock", "blocks", "clocks", "blocked", "unlocked"]
                .iter()
                .any(|word| ends(word))
}
