//! Thread locks: whether one is held where code runs.
//!
//! An `await` gives the thread to other tasks. If the task holds a `threading.Lock` there, the next task that wants the
//! lock blocks the event loop, and the lock is never released: a deadlock. An `RLock` does not block, but it no longer
//! excludes anything, because all tasks are one thread. So no unit may await under one; [`crate::codemod::Context::add`]
//! asks for every awaited site.
//!
//! A lock is known by its constructor (`guard = threading.Lock()`), by its annotation, or, where neither is in sight, by
//! its name: `with self._lock:` in an inherited method is one, and a refusal too many costs less than a deadlock.

use ruff_python_ast::{AnyNodeRef, Expr};
use ruff_text_size::{Ranged, TextRange};
use rustc_hash::FxHashSet;

use super::scope::SymbolId;
use super::{Model, NodeId, Runner, Scopes, threads};
use crate::unit::Reason;

/// An `await` would suspend the task while it holds a thread lock.
pub static LOCK_HELD: Reason = Reason {
    code: "lock-held",
    message: "a thread lock is held there: an `await` would suspend the task with the lock taken, and the next task that \
              wants it would block the event loop for good",
    help: "release the lock first, or use `asyncio.Lock` with `async with`",
};

/// Every reason of this module.
pub static REASONS: &[&Reason] = &[&LOCK_HELD];

/// The locks of the standard library that block their thread.
const CONSTRUCTORS: &[&str] = &[
    "Lock",
    "RLock",
    "Condition",
    "Semaphore",
    "BoundedSemaphore",
];

/// What a file says about locks.
#[derive(Debug, Default)]
pub(super) struct Locks {
    /// Names that a lock was assigned to, or that are annotated as one.
    symbols: FxHashSet<SymbolId>,
    /// The same for attributes, of whatever object.
    attributes: FxHashSet<String>,
    /// `lock.acquire()` and `lock.release()`, in source order.
    calls: Vec<LockCall>,
    /// Where a function that a thread runs takes a lock of the module.
    taken_by_thread: Option<TextRange>,
}

/// `lock.acquire()` or `lock.release()`.
#[derive(Debug)]
struct LockCall {
    node: NodeId,
    runner: Runner,
    /// The source of the lock.
    lock: String,
    acquires: bool,
}

/// The thread lock that is held where this node runs, if one visibly is: the span of the lock.
pub fn lock_held_at(model: &Model<'_>, node: NodeId) -> Option<TextRange> {
    lock_held_beside(model, node, |_, _| false)
}

/// The same, apart from the items of `with` statements, by statement and 0-based number, that `becomes_async`: what is entered there is
/// no thread lock, whatever its name.
pub fn lock_held_beside(
    model: &Model<'_>,
    node: NodeId,
    becomes_async: impl Fn(NodeId, u32) -> bool,
) -> Option<TextRange> {
    let mut below = node;
    for at in model.nodes.ancestors(node) {
        match model.nodes.get(at) {
            AnyNodeRef::StmtWith(with) if !with.is_async => {
                // In an item only the locks of the items before it are held, in the body all are.
                let entered = with
                    .items
                    .iter()
                    .position(|item| model.id(item) == below)
                    .unwrap_or(with.items.len());
                let lock = with.items[..entered]
                    .iter()
                    .enumerate()
                    .find(|(number, item)| {
                        (is_lock(model, model.locks(), &item.context_expr)
                            || is_handed_lock(model, model.locks(), &item.context_expr))
                            && !becomes_async(at, *number as u32)
                    });
                if let Some((_, item)) = lock {
                    return Some(item.context_expr.range());
                }
            }
            AnyNodeRef::StmtFunctionDef(_)
            | AnyNodeRef::ExprLambda(_)
            | AnyNodeRef::StmtClassDef(_) => break,
            _ => {}
        }
        below = at;
    }
    acquired_before(model, node)
}

/// Where a function that this file hands to a thread takes a lock of the module, if one does: the span of the lock.
pub fn taken_by_thread(model: &Model<'_>) -> Option<TextRange> {
    model.locks().taken_by_thread
}

/// The lock that was acquired by hand before this node, and is released behind it.
fn acquired_before(model: &Model<'_>, node: NodeId) -> Option<TextRange> {
    let calls = &model.locks().calls;
    if calls.is_empty() {
        return None;
    }
    let runner = model.runner(node);
    let (before, behind) = calls.split_at(calls.partition_point(|call| call.node < node));
    let mut released: Vec<&str> = Vec::new();
    for call in before.iter().rev().filter(|call| call.runner == runner) {
        if released.contains(&call.lock.as_str()) {
            continue;
        }
        if call.acquires {
            let comes_back = behind
                .iter()
                .any(|other| other.runner == runner && !other.acquires && other.lock == call.lock);
            if comes_back {
                return Some(model.nodes.range(call.node));
            }
        } else {
            // A release in a branch that the node is not in says nothing about the way to the node.
            let suite = model.nodes.parent(model.statement_of(call.node));
            if model.nodes.is_within(node, suite) {
                released.push(&call.lock);
            }
        }
    }
    None
}

/// Collects the locks of a file in one pass.
pub(super) fn collect(model: &Model<'_>) -> Locks {
    let mut locks = Locks::default();
    let mut calls = Vec::new();
    let mut entered = Vec::new();
    for id in (0..model.nodes.len() as u32).map(NodeId) {
        match model.nodes.get(id) {
            AnyNodeRef::StmtAssign(assign) if is_constructor_call(model, &assign.value) => {
                for target in &assign.targets {
                    locks.add(model, target);
                }
            }
            AnyNodeRef::StmtAnnAssign(assign)
                if is_type(model, &assign.annotation)
                    || assign
                        .value
                        .as_deref()
                        .is_some_and(|value| is_constructor_call(model, value)) =>
            {
                locks.add(model, &assign.target);
            }
            AnyNodeRef::Parameter(parameter)
                if parameter
                    .annotation
                    .as_deref()
                    .is_some_and(|annotation| is_type(model, annotation)) =>
            {
                if let Some(binding) = model.scopes.binding_at(id) {
                    locks.symbols.insert(model.scopes.binding(binding).symbol);
                }
            }
            AnyNodeRef::StmtWith(with) => {
                entered.extend(with.items.iter().map(|item| &item.context_expr));
            }
            AnyNodeRef::ExprCall(call) => {
                if let Expr::Attribute(attribute) = call.func.as_ref()
                    && matches!(attribute.attr.as_str(), "acquire" | "release")
                    && !matches!(model.nodes.parent_node(id), AnyNodeRef::ExprAwait(_))
                {
                    calls.push((id, attribute));
                }
            }
            _ => {}
        }
    }
    // Only now are all locks known.
    let acquired = calls.iter().map(|(_, attribute)| attribute.value.as_ref());
    locks.taken_by_thread = entered
        .into_iter()
        .chain(acquired)
        .find(|lock| locks.is_of_module(model, lock) && is_in_thread(model, model.node_of(lock)))
        .map(Ranged::range);
    for (node, attribute) in calls {
        if is_lock(model, &locks, &attribute.value) {
            locks.calls.push(LockCall {
                node,
                runner: model.runner(node),
                lock: model.slice(attribute.value.range()).to_string(),
                acquires: attribute.attr.as_str() == "acquire",
            });
        }
    }
    locks
}

/// Whether the function round a node is handed to a thread in this file, by its name.
fn is_in_thread(model: &Model<'_>, node: NodeId) -> bool {
    let Runner::Function(index) = model.runner(node) else {
        return false;
    };
    let Some(function) = model.scopes.functions().get(index as usize) else {
        return false;
    };
    let symbol = model
        .scopes
        .binding_at(function.node)
        .map(|binding| model.scopes.binding(binding).symbol);
    symbol.is_some_and(|symbol| {
        let references = &model.scopes.symbol(symbol).references;
        references
            .iter()
            .any(|&name| threads::runs_in_thread(model, name))
    })
}

impl Locks {
    /// Whether an expression names a lock that is made at module level.
    fn is_of_module(&self, model: &Model<'_>, lock: &Expr) -> bool {
        let symbol = lock
            .as_name_expr()
            .and_then(|name| model.scopes.symbol_of(model.id(name)));
        symbol.is_some_and(|symbol| {
            self.symbols.contains(&symbol) && model.scopes.symbol(symbol).scope == Scopes::MODULE
        })
    }

    fn add(&mut self, model: &Model<'_>, target: &Expr) {
        match target {
            Expr::Name(_) => {
                if let Some(binding) = model.scopes.binding_at(model.id(target)) {
                    self.symbols.insert(model.scopes.binding(binding).symbol);
                }
            }
            Expr::Attribute(attribute) => {
                self.attributes.insert(attribute.attr.to_string());
            }
            _ => {}
        }
    }
}

/// Whether an expression is a thread lock, as far as one can see.
fn is_lock(model: &Model<'_>, locks: &Locks, expr: &Expr) -> bool {
    match expr {
        Expr::Name(name) => {
            says_lock(name.id.as_str())
                || model
                    .scopes
                    .symbol_of(model.id(name))
                    .is_some_and(|symbol| locks.symbols.contains(&symbol))
        }
        Expr::Attribute(attribute) => {
            says_lock(attribute.attr.as_str())
                || locks.attributes.contains(attribute.attr.as_str())
                || is_lock(model, locks, &attribute.value)
        }
        // `threading.Lock()`, `lock_for(key)`, `lock.acquire_timeout(1)`.
        Expr::Call(call) => is_type(model, &call.func) || is_lock(model, locks, &call.func),
        Expr::Subscript(subscript) => is_lock(model, locks, &subscript.value),
        Expr::Named(named) => is_lock(model, locks, &named.value),
        Expr::If(branch) => {
            is_lock(model, locks, &branch.body) || is_lock(model, locks, &branch.orelse)
        }
        Expr::BoolOp(operation) => operation
            .values
            .iter()
            .any(|value| is_lock(model, locks, value)),
        _ => false,
    }
}

/// `with acquired(self._lock, timeout=1):`, a helper that takes and releases the lock. Only a lock whose making is in
/// sight counts: `open(lock_path)` is none.
fn is_handed_lock(model: &Model<'_>, locks: &Locks, expr: &Expr) -> bool {
    let Expr::Call(call) = expr else {
        return false;
    };
    let keywords = call.arguments.keywords.iter();
    call.arguments
        .args
        .iter()
        .chain(keywords.map(|keyword| &keyword.value))
        .any(|argument| match argument {
            Expr::Name(_) => model
                .scopes
                .symbol_of(model.id(argument))
                .is_some_and(|symbol| locks.symbols.contains(&symbol)),
            Expr::Attribute(attribute) => locks.attributes.contains(attribute.attr.as_str()),
            _ => false,
        })
}

fn is_constructor_call(model: &Model<'_>, expr: &Expr) -> bool {
    matches!(expr, Expr::Call(call) if is_type(model, &call.func))
}

fn is_type(model: &Model<'_>, expr: &Expr) -> bool {
    model.meaning(expr).may_be(|path| {
        path == "_thread.allocate_lock"
            || ["threading.", "multiprocessing."].iter().any(|module| {
                path.strip_prefix(module)
                    .is_some_and(|name| CONSTRUCTORS.contains(&name))
            })
    })
}

/// Whether one of the words of a name says that it is a lock: `_lock`, `writeLock`, `file_locks`, but not `block`,
/// `clock` or `unlock`.
fn says_lock(name: &str) -> bool {
    words(name).iter().any(|word| {
        matches!(
            word.as_str(),
            "mutex" | "semaphore" | "locks" | "locked" | "locking"
        ) || word.ends_with("lock")
            && !["block", "clock", "unlock"]
                .iter()
                .any(|other| word.ends_with(other))
    })
}

/// The words of `snake_case`, `camelCase` and `RLock`, lower case.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut was_lower = false;
    let mut open = false;
    for character in name.chars() {
        if character == '_' {
            open = false;
            continue;
        }
        if !open || character.is_uppercase() && was_lower {
            words.push(String::new());
            open = true;
        }
        was_lower = character.is_lowercase();
        if let Some(word) = words.last_mut() {
            word.extend(character.to_lowercase());
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::{lock_held_at, says_lock};
    use crate::pipeline::parse;
    use crate::python::PythonVersion;
    use crate::semantic::{Model, ModuleName};

    /// The source of the lock that is held at the call of `here()`.
    fn held(text: &str) -> Option<String> {
        let Ok(parsed) = parse(text, PythonVersion::PY311) else {
            panic!("does not parse");
        };
        let module = ModuleName::default();
        let model = Model::new(text, &parsed, &module);
        let here = model
            .calls()
            .find(|call| model.slice(call.func.as_ref().range_of()) == "here")
            .unwrap();
        lock_held_at(&model, model.id(here)).map(|range| model.slice(range).to_string())
    }

    trait RangeOf {
        fn range_of(&self) -> ruff_text_size::TextRange;
    }

    impl RangeOf for ruff_python_ast::Expr {
        fn range_of(&self) -> ruff_text_size::TextRange {
            ruff_text_size::Ranged::range(self)
        }
    }

    #[test]
    fn names_say_whether_they_are_locks() {
        for name in [
            "lock",
            "_lock",
            "RLock",
            "writeLock",
            "filelock",
            "mutex",
            "file_locks",
        ] {
            assert!(says_lock(name), "{name}");
        }
        for name in [
            "block",
            "clock",
            "unlock",
            "blocking",
            "session",
            "block_list",
            "Clock",
        ] {
            assert!(!says_lock(name), "{name}");
        }
    }

    #[test]
    fn a_lock_is_held_in_the_body_of_its_with_statement() {
        assert_eq!(held("with lock:\n    here()\n").as_deref(), Some("lock"));
        assert_eq!(
            held("with self._lock, open(p) as f:\n    if x:\n        here()\n").as_deref(),
            Some("self._lock")
        );
        assert_eq!(
            held("with lock, here():\n    pass\n").as_deref(),
            Some("lock")
        );
        assert_eq!(held("with here(), lock:\n    pass\n"), None);
        assert_eq!(held("with lock:\n    pass\nhere()\n"), None);
        assert_eq!(
            held("async def f():\n    async with lock:\n        here()\n"),
            None
        );
        assert_eq!(
            held("with lock:\n    async def f():\n        here()\n"),
            None
        );
    }

    #[test]
    fn constructors_and_annotations_make_a_lock_of_any_name() {
        assert_eq!(
            held("import threading as t\nguard = t.Lock()\nwith guard:\n    here()\n").as_deref(),
            Some("guard")
        );
        assert_eq!(
            held("from threading import Condition\nclass A:\n    def __init__(self):\n        self.ready = Condition()\n    async def f(self):\n        with self.ready:\n            here()\n").as_deref(),
            Some("self.ready")
        );
        assert_eq!(
            held("import threading\nasync def f(guard: threading.RLock):\n    with guard:\n        here()\n").as_deref(),
            Some("guard")
        );
        assert_eq!(held("guard = open(p)\nwith guard:\n    here()\n"), None);
    }

    #[test]
    fn acquire_and_release_by_hand() {
        assert_eq!(
            held("lock.acquire()\ntry:\n    here()\nfinally:\n    lock.release()\n").as_deref(),
            Some("lock.acquire()")
        );
        assert_eq!(
            held("if lock.acquire(False):\n    if x:\n        lock.release()\n        exit()\n    here()\n    lock.release()\n").as_deref(),
            Some("lock.acquire(False)")
        );
        assert_eq!(
            held("lock.acquire()\nlock.release()\nhere()\nlock.acquire()\nlock.release()\n"),
            None
        );
        assert_eq!(
            held("async def f():\n    await lock.acquire()\n    here()\n    lock.release()\n"),
            None
        );
    }
}
