//! What of a function may be seen if it ran in a thread beside the event loop, and which calls can be written so.
//!
//! A function is taken for harmless only where all that it does is known: it works on names of its own and on its
//! parameters, and what it calls is on the list below, or of the project, where the propagation looks at that as well.
//! Source: `asyncio.to_thread`, <https://docs.python.org/3/library/asyncio-task.html#asyncio.to_thread>.

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall, ExprContext, ExprRef};
use ruff_text_size::{Ranged, TextRange, TextSize};
use rustc_hash::{FxHashMap, FxHashSet};

use super::connections::Connections;
use crate::callgraph::{Callee, FileFacts, Target};
use crate::propagate::TO_THREAD;
use crate::semantic::callee::Callees;
use crate::semantic::scope::SymbolId;
use crate::semantic::{BindingKind, Model, NodeId, Runner, ScopeKind};
use crate::suppress::Suppressions;

/// Functions and classes that share nothing between their calls, by module.
const MODULES: &[&str] = &[
    "base64",
    "binascii",
    "calendar",
    "collections",
    "copy",
    "csv",
    "datetime",
    "difflib",
    "fnmatch",
    "fractions",
    "glob",
    "gzip",
    "hashlib",
    "hmac",
    "html",
    "io",
    "itertools",
    "json",
    "math",
    "os.path",
    "pathlib",
    "pickle",
    "posixpath",
    "re",
    "requests",
    "shutil",
    "statistics",
    "string",
    "subprocess",
    "textwrap",
    "time",
    "tomllib",
    "unicodedata",
    "urllib.parse",
    "urllib.request",
    "uuid",
    "zipfile",
    "zlib",
];

/// Single functions of modules that have others too.
const FUNCTIONS: &[&str] = &[
    "logging.critical",
    "logging.debug",
    "logging.error",
    "logging.exception",
    "logging.getLogger",
    "logging.info",
    "logging.log",
    "logging.warning",
    "os.environ.get",
    "os.fspath",
    "os.getcwd",
    "os.getenv",
    "os.getpid",
    "os.listdir",
    "os.makedirs",
    "os.mkdir",
    "os.remove",
    "os.rename",
    "os.replace",
    "os.rmdir",
    "os.stat",
    "os.unlink",
    "os.urandom",
    "os.walk",
    "socket.gethostbyname",
    "socket.gethostname",
    "struct.calcsize",
    "struct.pack",
    "struct.unpack",
];

/// Builtins that call nothing of the project, apart from special methods of their arguments.
const BUILTINS: &[&str] = &[
    "abs",
    "all",
    "any",
    "ascii",
    "bin",
    "bool",
    "bytearray",
    "bytes",
    "chr",
    "complex",
    "dict",
    "divmod",
    "enumerate",
    "float",
    "format",
    "frozenset",
    "hex",
    "int",
    "isinstance",
    "issubclass",
    "len",
    "list",
    "max",
    "min",
    "object",
    "oct",
    "open",
    "ord",
    "pow",
    "print",
    "range",
    "repr",
    "reversed",
    "round",
    "set",
    "slice",
    "sorted",
    "str",
    "sum",
    "tuple",
    "type",
    "zip",
];

/// Methods of loggers that log.
const LOG_METHODS: &[&str] = &[
    "critical",
    "debug",
    "error",
    "exception",
    "info",
    "log",
    "warning",
];

/// Parameters of those that take something to call.
const CALLBACKS: &[&str] = &[
    "cls",
    "default",
    "exec",
    "hook",
    "ignore",
    "key",
    "object_hook",
    "object_pairs_hook",
    "onerror",
    "onexc",
    "opener",
    "parse_constant",
    "parse_float",
    "parse_int",
    "preexec_fn",
    "repl",
    "copy_function",
];

/// Annotations of parameters whose methods change nothing.
const PLAIN_TYPES: &[&str] = &[
    "builtins.str",
    "builtins.int",
    "builtins.float",
    "builtins.bytes",
    "builtins.bool",
    "pathlib.Path",
    "pathlib.PurePath",
];

/// Fills in [`crate::callgraph::Function::thread`] and [`crate::callgraph::Call::can_thread`].
pub fn read(model: &Model<'_>, suppressions: &Suppressions, facts: &mut FileFacts) {
    let calls: FxHashMap<NodeId, usize> = facts
        .calls
        .iter()
        .enumerate()
        .map(|(number, call)| (call.node, number))
        .collect();
    let mut reader = Reader {
        model,
        holds: FxHashMap::default(),
        busy: FxHashSet::default(),
    };
    let mut found: Vec<(u32, TextSize, &'static str)> = Vec::new();
    let mut bound: Vec<(u32, TextSize, &'static str)> = Vec::new();
    let mut ties = Ties::new(model);
    let connections = Connections::new(model);
    for node in model.nodes.all() {
        if let Runner::Function(index) = model.runner(node)
            && let Some(what) = ties.at(node)
        {
            bound.push((index, model.nodes.range(node).start(), what));
        }
        if let Some(what) = connections.of(node)
            && let Runner::Function(index) = model.runner(node)
        {
            bound.push((index, model.nodes.range(node).start(), what));
        }
        let Some((at, what)) = reader.obstacle(node, &calls, facts) else {
            continue;
        };
        if let Runner::Function(index) = model.runner(node) {
            found.push((index, at, what));
        }
    }
    let ends: Vec<usize> = memchr::memchr_iter(b'\n', model.text.as_bytes()).collect();
    for &(index, at, what) in &found {
        let line = ends.partition_point(|&end| end < at.to_usize()) as u32 + 1;
        let mut inner = Some(index);
        while let Some(function) = inner.and_then(|index| facts.functions.get_mut(index as usize)) {
            function.thread.get_or_insert((line, what));
            inner = function.outer;
        }
    }
    for &(index, at, what) in &bound {
        let line = ends.partition_point(|&end| end < at.to_usize()) as u32 + 1;
        if let Some(function) = facts.functions.get_mut(index as usize) {
            function.bound.get_or_insert((line, what));
        }
    }
    for (node, number) in calls {
        if let AnyNodeRef::ExprCall(call) = model.nodes.get(node) {
            // `map(f, values)` stands for calls of `f`.
            facts.calls[number].can_thread =
                !facts.calls[number].is_indirect && can_thread(model, call);
            // Without a function round it, nothing can be awaited there.
            let in_function = matches!(facts.calls[number].runner, Runner::Function(_));
            facts.calls[number].keeps_blocking =
                in_function && suppressions.suppresses(TO_THREAD, call.range());
        }
    }
}

/// Functions of `asyncio` that ask for the loop of the thread.
const ASKING: &[&str] = &[
    "Future",
    "all_tasks",
    "create_task",
    "current_task",
    "ensure_future",
    "gather",
    "get_event_loop",
    "get_running_loop",
    "shield",
];

/// Methods of event loops, transports and futures that only the thread of the loop may call
/// (<https://docs.python.org/3/library/asyncio-dev.html#concurrency-and-multithreading>). No other class has the same.
const OF_LOOPS: &[&str] = &[
    "add_reader",
    "add_writer",
    "call_at",
    "call_later",
    "call_soon",
    "create_future",
    "create_task",
    "remove_reader",
    "remove_writer",
];

/// What asks for the thread that it runs in.
const OF_THREADS: &[&str] = &[
    "_thread.get_ident",
    "threading.currentThread",
    "threading.current_thread",
    "threading.get_ident",
    "threading.get_native_id",
];

/// What only the main thread may call (<https://docs.python.org/3/library/signal.html#signals-and-threads>).
const OF_MAIN_THREAD: &[&str] = &["signal.set_wakeup_fd", "signal.signal"];

/// What ties a call, or the use of an attribute, to the thread of the event loop.
struct Ties<'a, 'm> {
    model: &'m Model<'a>,
    /// Answers what a name holds, where the file has something that belongs to a thread at all.
    callees: Option<Callees<'a, 'm>>,
}

impl<'a, 'm> Ties<'a, 'm> {
    fn new(model: &'m Model<'a>) -> Self {
        let has =
            |word: &str| memchr::memmem::find(model.text.as_bytes(), word.as_bytes()).is_some();
        let holds_any = has("ContextVar") || has("threading") && has("local");
        Self {
            model,
            callees: holds_any.then(|| Callees::new(model)),
        }
    }

    fn at(&mut self, node: NodeId) -> Option<&'static str> {
        match self.model.nodes.get(node) {
            AnyNodeRef::ExprCall(call) => self.of(call),
            AnyNodeRef::ExprAttribute(attribute) => {
                let held = self.type_path(&attribute.value)?;
                (held == "threading.local").then_some("uses what each thread has its own of")
            }
            _ => None,
        }
    }

    fn type_path(&self, value: &'a Expr) -> Option<String> {
        self.callees.as_ref()?.type_path(value)
    }

    fn of(&mut self, call: &'a ExprCall) -> Option<&'static str> {
        let meaning = self.model.meaning(&call.func);
        if meaning.may_be(|path| OF_THREADS.contains(&path)) {
            return Some("asks which thread runs it");
        }
        if meaning.may_be(|path| OF_MAIN_THREAD.contains(&path)) {
            return Some("sets a signal handler, which only the main thread may");
        }
        let asks = meaning.may_be(|path| {
            path.strip_prefix("asyncio.")
                .is_some_and(|name| ASKING.contains(&name))
        });
        if asks {
            return Some("asks for the event loop of the thread");
        }
        let Expr::Attribute(method) = call.func.as_ref() else {
            return None;
        };
        let name = method.attr.as_str();
        if OF_LOOPS.contains(&name) {
            return Some("works with the event loop itself");
        }
        // A future of `asyncio` wakes nobody from there; those of pools are named so where they are made.
        let is_of_pool =
            || memchr::memmem::find(self.model.text.as_bytes(), b"concurrent").is_some();
        if matches!(name, "set_exception" | "set_result") && !is_of_pool() {
            return Some("sets a future of the event loop");
        }
        let sets = matches!(name, "reset" | "set")
            && self
                .type_path(&method.value)
                .is_some_and(|path| path == "contextvars.ContextVar");
        sets.then_some("sets a context variable, which its caller would not see")
    }
}

/// Whether a call can be written as arguments of another one.
fn can_thread(model: &Model<'_>, call: &ExprCall) -> bool {
    let is_plain = match call.func.as_ref() {
        Expr::Name(_) => true,
        Expr::Attribute(_) => !model
            .nodes
            .subtree(model.id(call.func.as_ref()))
            .any(|at| matches!(model.nodes.get(at), AnyNodeRef::ExprAwait(_))),
        _ => false,
    };
    let between = TextRange::new(call.func.end(), call.arguments.start());
    // A generator runs where it is iterated.
    let has_generator = call
        .arguments
        .args
        .iter()
        .chain(call.arguments.keywords.iter().map(|keyword| &keyword.value))
        .any(|argument| argument.is_generator_expr() || argument.is_lambda_expr());
    let scope = model.scope_at(model.id(call));
    let is_asyncio = match model.scopes.lookup(scope, "asyncio") {
        Some(symbol) => model.meaning_of_symbol(symbol).path() == Some("asyncio"),
        None => true,
    };
    is_plain && between.is_empty() && !has_generator && is_asyncio
}

/// Who may hold a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Hold {
    /// Others.
    Shared,
    /// Nothing else; others may hold what is in it.
    Own,
    /// Nothing else, nor what is in it.
    Whole,
}

impl Hold {
    /// What is taken out of it.
    fn inside(self) -> Self {
        match self {
            Self::Whole => Self::Whole,
            Self::Own | Self::Shared => Self::Shared,
        }
    }
}

/// Who may hold the values of a file: for codemods that ask what calls of one function share.
pub struct Holds<'a, 'm>(Reader<'a, 'm>);

impl<'a, 'm> Holds<'a, 'm> {
    /// Answers for this file.
    pub fn new(model: &'m Model<'a>) -> Self {
        Self(Reader {
            model,
            holds: FxHashMap::default(),
            busy: FxHashSet::default(),
        })
    }

    /// Whether nothing else holds the value of an expression.
    pub fn is_own(&mut self, expr: &Expr) -> bool {
        self.0.is_fresh(expr)
    }

    /// Whether a call is one of a function that shares nothing between its calls.
    pub fn is_listed(&mut self, call: &ExprCall) -> bool {
        self.0.is_harmless(call)
    }

    /// The same, or of a method of an object that nothing else holds.
    pub fn is_harmless(&mut self, call: &ExprCall) -> bool {
        self.0.is_harmless(call) || self.0.is_fresh_method(call)
    }
}

struct Reader<'a, 'm> {
    model: &'m Model<'a>,
    /// Who holds the values of names.
    holds: FxHashMap<SymbolId, Hold>,
    busy: FxHashSet<SymbolId>,
}

impl<'a> Reader<'a, '_> {
    /// What stands in the way at a node.
    fn obstacle(
        &mut self,
        node: NodeId,
        calls: &FxHashMap<NodeId, usize>,
        facts: &FileFacts,
    ) -> Option<(TextSize, &'static str)> {
        let model = self.model;
        match model.nodes.get(node) {
            AnyNodeRef::StmtGlobal(stmt) => Some((stmt.start(), "binds a global name")),
            AnyNodeRef::StmtNonlocal(stmt) => {
                Some((stmt.start(), "binds a name of the function round it"))
            }
            AnyNodeRef::ExprAttribute(attribute) => match attribute.ctx {
                ExprContext::Store | ExprContext::Del => (!self.is_fresh(&attribute.value))
                    .then(|| (attribute.start(), "sets an attribute")),
                _ => (!self.is_readable(&attribute.value))
                    .then(|| (attribute.start(), "reads an attribute of shared state")),
            },
            AnyNodeRef::ExprSubscript(subscript)
                if matches!(subscript.ctx, ExprContext::Store | ExprContext::Del) =>
            {
                (!self.is_fresh(&subscript.value))
                    .then(|| (subscript.start(), "sets an element of what others may hold"))
            }
            AnyNodeRef::StmtAugAssign(assign) => match assign.target.as_ref() {
                Expr::Name(_) => (!self.is_fresh(&assign.target))
                    .then(|| (assign.start(), "may change an object that others hold")),
                _ => None,
            },
            AnyNodeRef::StmtWith(with) => with
                .items
                .iter()
                .find(|item| {
                    !item.context_expr.is_call_expr() && !self.is_fresh(&item.context_expr)
                })
                .map(|item| {
                    (
                        item.start(),
                        "enters a context manager that others may hold",
                    )
                }),
            AnyNodeRef::ExprCall(call) => {
                let what = match calls.get(&node) {
                    Some(&number) => match &facts.calls[number].callee {
                        // The propagation looks at these.
                        Callee::Method { receiver, .. } if receiver.is_given() => (!self
                            .is_fresh_method(call))
                        .then_some("calls a method that is not known"),
                        Callee::Target(Target::Function(_) | Target::Path(_))
                        | Callee::Method { .. }
                        | Callee::Super { .. }
                        | Callee::Foreign(_) => return None,
                        Callee::Target(_) => Some("makes an object of the project"),
                        Callee::UnknownMethod { .. } => (!self.is_fresh_method(call))
                            .then_some("calls a method that is not known"),
                        Callee::UnknownValue => Some("calls a value that is not known"),
                    },
                    None => self.foreign_obstacle(call),
                };
                what.map(|what| (call.start(), what))
            }
            _ => None,
        }
    }

    fn foreign_obstacle(&mut self, call: &ExprCall) -> Option<&'static str> {
        if self.is_harmless(call) || self.is_fresh_method(call) {
            return None;
        }
        Some("calls what is not known to be safe in a thread")
    }

    /// Whether a call is one of a function on the lists.
    fn is_harmless(&mut self, call: &ExprCall) -> bool {
        let meaning = self.model.meaning(&call.func);
        let Some(path) = meaning.path() else {
            return false;
        };
        let calls_back = call.arguments.keywords.iter().any(|keyword| {
            keyword
                .arg
                .as_ref()
                .is_some_and(|name| CALLBACKS.contains(&name.as_str()))
                && !keyword.value.is_lambda_expr()
                && !keyword.value.is_literal_expr()
        });
        // `re.sub(pattern, function, text)`
        let takes_function = path.starts_with("re.sub");
        let known = match path.strip_prefix("builtins.") {
            Some(name) => {
                BUILTINS.contains(&name) || name.ends_with("Error") || name.ends_with("Exception")
            }
            None => {
                FUNCTIONS.contains(&path)
                    || MODULES.iter().any(|module| {
                        path.strip_prefix(module)
                            .is_some_and(|rest| rest.starts_with('.'))
                    })
            }
        };
        known && !calls_back && !takes_function && self.writes_to_own(call, path)
    }

    /// Whether the file that a call writes to, if it does, is held by nothing else.
    fn writes_to_own(&mut self, call: &ExprCall, path: &str) -> bool {
        let arguments = &call.arguments;
        let written: Vec<&Expr> = match path.rsplit('.').next().unwrap_or(path) {
            "dump" => vec![arguments.find_argument_value("fp", 1)],
            "writer" | "DictWriter" => vec![arguments.args.first()],
            "copyfileobj" => vec![arguments.args.first(), arguments.args.get(1)],
            "print" => vec![arguments.find_keyword("file").map(|keyword| &keyword.value)],
            _ => return true,
        }
        .into_iter()
        .flatten()
        .collect();
        written.into_iter().all(|file| {
            self.model
                .meaning(file)
                .path()
                .is_some_and(|path| path.starts_with("sys.std"))
                || self.is_fresh(file)
        })
    }

    /// Whether a call is one of a method of an object that nothing else holds.
    fn is_fresh_method(&mut self, call: &ExprCall) -> bool {
        match call.func.as_ref() {
            Expr::Attribute(attribute) => {
                self.is_fresh(&attribute.value)
                    || LOG_METHODS.contains(&attribute.attr.as_str())
                        && self.is_logger(&attribute.value)
            }
            _ => false,
        }
    }

    /// Loggers may be used from any thread.
    fn is_logger(&self, expr: &Expr) -> bool {
        let Expr::Name(name) = expr else {
            return false;
        };
        let model = self.model;
        let Some(symbol) = model.scopes.symbol_of(model.id(name)) else {
            return false;
        };
        model.scopes.symbol(symbol).bindings.iter().all(|&binding| {
            match model.scopes.binding(binding).kind {
                BindingKind::Assign { value } => match model.nodes.get(value) {
                    AnyNodeRef::ExprCall(call) => {
                        model.meaning(&call.func).path() == Some("logging.getLogger")
                    }
                    _ => false,
                },
                _ => false,
            }
        })
    }

    /// Whether the attributes of a value may be read in a thread: not those of a variable of a module, which may be one
    /// for each thread.
    fn is_readable(&mut self, expr: &Expr) -> bool {
        let Expr::Name(name) = expr else {
            return true;
        };
        let model = self.model;
        let Some(symbol) = model.scopes.symbol_of(model.id(name)) else {
            return true;
        };
        let symbol = model.scopes.symbol(symbol);
        if is_in_function(model.scopes.scope(symbol.scope).kind) {
            return true;
        }
        // What an imported name is, another file tells; a call on it is judged by what it calls.
        self.is_logger(expr)
            || symbol
                .bindings
                .iter()
                .all(|&binding| match model.scopes.binding(binding).kind {
                    BindingKind::Import { .. } | BindingKind::Class | BindingKind::Function => true,
                    BindingKind::FromImport { .. } => {
                        let name = symbol.name;
                        model.meaning(expr).path().is_some_and(is_listed)
                            || name.chars().next().is_some_and(char::is_uppercase)
                                && name.chars().any(char::is_lowercase)
                    }
                    BindingKind::Assign { value } => model
                        .expr(value)
                        .is_some_and(|value| value.is_literal_expr()),
                    _ => false,
                })
    }

    /// Whether nothing else holds the value of an expression, so that it may be changed.
    fn is_fresh(&mut self, expr: &Expr) -> bool {
        self.hold(ExprRef::from(expr)) != Hold::Shared
    }

    /// Who may hold the value of an expression.
    fn hold(&mut self, expr: ExprRef<'_>) -> Hold {
        match expr {
            ExprRef::Name(name) => match self.model.scopes.symbol_of(self.model.id(name)) {
                Some(symbol) => self.hold_of_name(symbol),
                None => Hold::Shared,
            },
            ExprRef::Call(call) => {
                if let Expr::Attribute(attribute) = call.func.as_ref()
                    && self.model.meaning(&call.func).path().is_none()
                {
                    return self.hold(ExprRef::from(attribute.value.as_ref())).inside();
                }
                match self.is_harmless(call) {
                    true => self.hold_of_result(call),
                    false => Hold::Shared,
                }
            }
            ExprRef::Attribute(attribute) => {
                self.hold(ExprRef::from(attribute.value.as_ref())).inside()
            }
            ExprRef::Subscript(subscript) => {
                self.hold(ExprRef::from(subscript.value.as_ref())).inside()
            }
            ExprRef::Named(named) => self.hold(ExprRef::from(named.value.as_ref())),
            ExprRef::If(if_) => {
                let body = self.hold(ExprRef::from(if_.body.as_ref()));
                body.min(self.hold(ExprRef::from(if_.orelse.as_ref())))
            }
            ExprRef::BinOp(operation) => {
                let left = self.hold(ExprRef::from(operation.left.as_ref()));
                let right = self.hold(ExprRef::from(operation.right.as_ref()));
                match left.max(right) {
                    Hold::Shared => Hold::Shared,
                    _ if left == right => left,
                    // `directory / name`, `items + [item]`
                    _ => Hold::Own,
                }
            }
            ExprRef::List(list) => self.display(list.elts.iter()),
            ExprRef::Tuple(tuple) => self.display(tuple.elts.iter()),
            ExprRef::Set(set) => self.display(set.elts.iter()),
            ExprRef::Dict(dict) => self.display(dict.items.iter().map(|item| &item.value)),
            ExprRef::ListComp(list) => self.display(std::iter::once(list.elt.as_ref())),
            ExprRef::SetComp(set) => self.display(std::iter::once(set.elt.as_ref())),
            ExprRef::DictComp(dict) => self.display(std::iter::once(dict.value.as_ref())),
            ExprRef::FString(_)
            | ExprRef::Compare(_)
            | ExprRef::StringLiteral(_)
            | ExprRef::BytesLiteral(_)
            | ExprRef::NumberLiteral(_)
            | ExprRef::BooleanLiteral(_)
            | ExprRef::NoneLiteral(_) => Hold::Whole,
            _ => Hold::Shared,
        }
    }

    /// A new container of these.
    fn display<'e>(&mut self, elements: impl Iterator<Item = &'e Expr>) -> Hold {
        let mut is_empty = true;
        for element in elements {
            is_empty = false;
            if self.hold(ExprRef::from(element)) != Hold::Whole {
                return Hold::Own;
            }
        }
        // What will be put into an empty one is not known.
        if is_empty { Hold::Own } else { Hold::Whole }
    }

    /// What a harmless call gives.
    fn hold_of_result(&self, call: &ExprCall) -> Hold {
        let meaning = self.model.meaning(&call.func);
        let path = meaning.path().unwrap_or_default();
        match path.strip_prefix("builtins.") {
            Some("max" | "min" | "sum" | "type" | "object" | "abs" | "pow" | "round") => {
                Hold::Shared
            }
            Some(
                "dict" | "enumerate" | "frozenset" | "list" | "reversed" | "set" | "slice"
                | "sorted" | "tuple" | "zip",
            ) => Hold::Own,
            Some(_) => Hold::Whole,
            None if path.starts_with("logging.") => Hold::Shared,
            None if ["collections.", "copy.copy", "itertools."]
                .iter()
                .any(|prefix| path.starts_with(prefix)) =>
            {
                Hold::Own
            }
            None => Hold::Whole,
        }
    }

    fn hold_of_name(&mut self, symbol: SymbolId) -> Hold {
        if let Some(&known) = self.holds.get(&symbol) {
            return known;
        }
        // In a circle the other bindings decide.
        if !self.busy.insert(symbol) {
            return Hold::Whole;
        }
        let model = self.model;
        let of = model.scopes.symbol(symbol);
        let is_local = is_in_function(model.scopes.scope(of.scope).kind);
        let mut hold = if is_local { Hold::Whole } else { Hold::Shared };
        for &binding in &of.bindings {
            let binding = model.scopes.binding(binding);
            let bound = match binding.kind {
                BindingKind::Assign { value } | BindingKind::With { value, .. } => model
                    .expr(value)
                    .map_or(Hold::Shared, |value| self.hold(value)),
                BindingKind::For { value } => model
                    .expr(value)
                    .map_or(Hold::Shared, |value| self.hold(value).inside()),
                BindingKind::Augmented => Hold::Own,
                BindingKind::Declared | BindingKind::Except | BindingKind::Deleted => Hold::Whole,
                BindingKind::Parameter if self.is_plain_parameter(binding.node) => Hold::Whole,
                _ => Hold::Shared,
            };
            hold = hold.min(bound);
        }
        self.busy.remove(&symbol);
        // What a circle led to is not known yet on its own.
        if self.busy.is_empty() || hold == Hold::Shared {
            self.holds.insert(symbol, hold);
        }
        hold
    }

    /// A parameter of a type that nobody can change.
    fn is_plain_parameter(&self, node: NodeId) -> bool {
        match self.model.nodes.get(node) {
            AnyNodeRef::Parameter(parameter) => parameter
                .annotation
                .as_deref()
                .and_then(|annotation| self.model.meaning(annotation).path().map(str::to_string))
                .is_some_and(|path| is_plain_type(&path)),
            _ => false,
        }
    }
}

/// Whether nobody can change an object of this type by its methods.
pub fn is_plain_type(path: &str) -> bool {
    PLAIN_TYPES.contains(&path)
}

fn is_in_function(kind: ScopeKind) -> bool {
    matches!(
        kind,
        ScopeKind::Function { .. }
            | ScopeKind::Lambda
            | ScopeKind::Comprehension
            | ScopeKind::Generator
    )
}

/// Whether a path is one of the modules on the list, or lies in one.
fn is_listed(path: &str) -> bool {
    MODULES.iter().any(|module| {
        path.strip_prefix(module)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    })
}
