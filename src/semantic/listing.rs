//! Listings that are made as they are consumed: `os.walk`, `Path.rglob`. What may be seen if all of one is made first.

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall, ExprContext};
use ruff_text_size::{Ranged, TextRange};

use super::scope::SymbolId;
use super::{Model, NodeId, literal};

/// What takes the entries of a listing, on the spot.
#[derive(Clone, Copy, Debug)]
pub enum Consumer<'a> {
    /// `for ... in listing`, the statement or a comprehension's clause: one by one.
    Loop {
        /// The names that are bound.
        target: &'a Expr,
        /// The loop: a `for` statement or a comprehension.
        node: NodeId,
    },
    /// `list(listing)`, `sorted(listing)`: a call without other arguments, which takes all and calls nothing of ours.
    Whole(&'a ExprCall),
    /// The same with other arguments, a key for example, or what may call functions of ours.
    WholeWith,
    /// What takes as many as are asked of it, or as decide: `any(listing)`, `enumerate(listing)`.
    Part,
}

/// Functions that take all of an iterable, at once.
const WHOLE: &[&str] = &["list", "tuple", "set", "frozenset", "sorted"];

/// Functions that take all of an iterable, and may call methods of its entries.
const WHOLE_WITH: &[&str] = &["dict", "max", "min", "sum"];

/// Functions that take as much of an iterable as is asked for, and take a list as well.
const PART: &[&str] = &["all", "any", "enumerate", "filter", "map", "zip"];

/// Functions and methods that change what a directory holds, by the last part of their name.
const CHANGES: &[&str] = &[
    "copy",
    "copy2",
    "copyfile",
    "copytree",
    "extractall",
    "hardlink_to",
    "link",
    "makedirs",
    "mkdir",
    "mkdtemp",
    "mkstemp",
    "move",
    "remove",
    "removedirs",
    "rename",
    "renames",
    "replace",
    "rmdir",
    "rmtree",
    "symlink",
    "symlink_to",
    "touch",
    "unlink",
    "write_bytes",
    "write_text",
];

impl<'a> Model<'a> {
    /// What consumes the listing that a call makes. `None`: it is kept, handed on, or taken only in part.
    pub fn consumer_of(&self, call: NodeId) -> Option<Consumer<'a>> {
        let is = |expr: &Expr| self.id(expr) == call;
        let parent = self.nodes.parent(call);
        match self.nodes.get(parent) {
            AnyNodeRef::StmtFor(for_) if is(&for_.iter) && !for_.is_async => Some(Consumer::Loop {
                target: &for_.target,
                node: parent,
            }),
            AnyNodeRef::Comprehension(clause) if is(&clause.iter) && !clause.is_async => {
                Some(Consumer::Loop {
                    target: &clause.target,
                    node: self.nodes.parent(parent),
                })
            }
            AnyNodeRef::Arguments(arguments) => {
                let AnyNodeRef::ExprCall(taker) = self.nodes.parent_node(parent) else {
                    return None;
                };
                let meaning = self.meaning(&taker.func);
                let name = meaning.below("builtins").unwrap_or_default();
                let is_first = arguments.args.first().is_some_and(is);
                if PART.contains(&name) {
                    Some(Consumer::Part)
                } else if WHOLE.contains(&name) && is_first && arguments.len() == 1 {
                    Some(Consumer::Whole(taker))
                } else if is_first && (WHOLE.contains(&name) || WHOLE_WITH.contains(&name)) {
                    Some(Consumer::WholeWith)
                } else {
                    None
                }
            }
            AnyNodeRef::ExprStarred(_) => {
                let is_display = matches!(
                    self.nodes.parent_node(parent),
                    AnyNodeRef::ExprList(_) | AnyNodeRef::ExprTuple(_) | AnyNodeRef::ExprSet(_)
                );
                is_display.then_some(Consumer::WholeWith)
            }
            _ => None,
        }
    }

    /// Where the body of a loop may change what a directory holds: a call whose name says so, or one of a function of this
    /// file that has such a call.
    pub fn changes_directories(&self, loop_: NodeId) -> Option<TextRange> {
        self.nodes
            .subtree(loop_)
            .filter_map(|at| match self.nodes.get(at) {
                AnyNodeRef::ExprCall(call) => Some(call),
                _ => None,
            })
            .find(|call| self.is_change(call) || self.calls_change(call))
            .map(Ranged::range)
    }

    fn is_change(&self, call: &ExprCall) -> bool {
        // Handed to a thread: `asyncio.to_thread(os.remove, path)`.
        let is_handed_on = call.arguments.args.iter().any(|argument| match argument {
            Expr::Attribute(attribute) => CHANGES.contains(&attribute.attr.as_str()),
            Expr::Name(name) => self
                .meaning(argument)
                .path()
                .is_some_and(|path| path.contains('.') && CHANGES.contains(&name.id.as_str())),
            _ => false,
        });
        if is_handed_on {
            return true;
        }
        let name = match call.func.as_ref() {
            Expr::Name(name) => name.id.as_str(),
            Expr::Attribute(attribute) => attribute.attr.as_str(),
            _ => return false,
        };
        match name {
            "open" => call
                .arguments
                .args
                .iter()
                .chain(literal::keyword(call, "mode").map(|keyword| &keyword.value))
                .filter_map(literal::string)
                .any(|mode| mode.len() < 4 && mode.contains(['w', 'a', 'x'])),
            // Of text.
            "replace" => call.arguments.args.len() == 1,
            // Of lists and dictionaries.
            "copy" => !call.arguments.args.is_empty(),
            name => CHANGES.contains(&name),
        }
    }

    fn calls_change(&self, call: &ExprCall) -> bool {
        let Expr::Name(name) = call.func.as_ref() else {
            return false;
        };
        let Some(symbol) = self.scopes.symbol_of(self.id(name)) else {
            return false;
        };
        self.scopes
            .symbol(symbol)
            .bindings
            .iter()
            .map(|&binding| self.scopes.binding(binding).node)
            .filter(|&node| self.nodes.get(node).is_stmt_function_def())
            .any(|function| {
                self.nodes.subtree(function).any(|at| {
                    matches!(self.nodes.get(at), AnyNodeRef::ExprCall(call) if self.is_change(call))
                })
            })
    }

    /// Where a loop ends before its listing does: `break` of its own, or `return`.
    pub fn ends_early(&self, loop_: NodeId) -> Option<TextRange> {
        let AnyNodeRef::StmtFor(_) = self.nodes.get(loop_) else {
            return None;
        };
        self.nodes
            .subtree(loop_)
            .find(|&at| match self.nodes.get(at) {
                AnyNodeRef::StmtReturn(_) => self.runner(at) == self.runner(loop_),
                AnyNodeRef::StmtBreak(_) => {
                    self.nodes.ancestors(at).find(|&outer| {
                        self.nodes.get(outer).is_stmt_for() || self.nodes.get(outer).is_stmt_while()
                    }) == Some(loop_)
                }
                _ => false,
            })
            .map(|at| self.nodes.range(at))
    }

    /// Where a loop over a walk may tell it where to go: by the second of the three names that it binds.
    pub fn prunes_walk(&self, target: &Expr, loop_: NodeId) -> Option<TextRange> {
        let Expr::Tuple(names) = target else {
            return Some(target.range());
        };
        let [_, dirs @ Expr::Name(_), _] = names.elts.as_slice() else {
            return Some(target.range());
        };
        match self.scopes.symbol_of(self.id(dirs)) {
            Some(symbol) => self.mutation_of(symbol, loop_),
            None => Some(dirs.range()),
        }
    }

    /// Where the list that a loop's name holds may be changed, or handed to what may change it.
    fn mutation_of(&self, symbol: SymbolId, within: NodeId) -> Option<TextRange> {
        self.scopes
            .symbol(symbol)
            .references
            .iter()
            .copied()
            .chain(
                self.scopes
                    .symbol(symbol)
                    .bindings
                    .iter()
                    .map(|&binding| self.scopes.binding(binding).node),
            )
            .filter(|&node| self.nodes.is_within(node, within))
            .find(|&node| !self.only_reads(node))
            .map(|node| self.nodes.range(node))
    }

    fn only_reads(&self, node: NodeId) -> bool {
        let AnyNodeRef::ExprName(name) = self.nodes.get(node) else {
            return false;
        };
        let is = |expr: &Expr| self.id(expr) == node;
        let parent = self.nodes.parent(node);
        match self.nodes.get(parent) {
            // The loop's own target.
            AnyNodeRef::ExprTuple(_) if name.ctx == ExprContext::Store => true,
            AnyNodeRef::StmtFor(for_) => is(&for_.iter),
            AnyNodeRef::Comprehension(clause) => is(&clause.iter),
            AnyNodeRef::ExprSubscript(subscript) => {
                is(&subscript.value) && subscript.ctx == ExprContext::Load
            }
            AnyNodeRef::ExprCompare(_)
            | AnyNodeRef::ExprBinOp(_)
            | AnyNodeRef::InterpolatedElement(_)
            | AnyNodeRef::ExprStarred(_)
            | AnyNodeRef::StmtIf(_)
            | AnyNodeRef::ElifElseClause(_) => name.ctx == ExprContext::Load,
            AnyNodeRef::ExprUnaryOp(_) => true,
            AnyNodeRef::Arguments(_) => match self.nodes.parent_node(parent) {
                AnyNodeRef::ExprCall(call) => {
                    self.meaning(&call.func)
                        .below("builtins")
                        .is_some_and(|name| {
                            WHOLE.contains(&name)
                                || matches!(
                                    name,
                                    "len"
                                        | "print"
                                        | "enumerate"
                                        | "zip"
                                        | "any"
                                        | "all"
                                        | "sum"
                                        | "max"
                                        | "min"
                                        | "reversed"
                                )
                        })
                        || matches!(call.func.as_ref(), Expr::Attribute(attribute) if attribute.attr.as_str() == "join")
                }
                _ => false,
            },
            _ => false,
        }
    }
}
