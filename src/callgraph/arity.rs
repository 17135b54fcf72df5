//! Which calls a signature takes.
//!
//! A call that a signature does not take raises TypeError, whether the function is `async def` or not: so a call on a
//! receiver that is not known is none of the methods of its name that would not take it. Nor is a call that is awaited one of
//! a method that gives a number.

use ruff_python_ast::{ExprCall, StmtFunctionDef};

/// What a call gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// The number of positional arguments.
    positional: usize,
    /// The names of the others.
    keywords: Vec<String>,
    /// Whether its result is awaited.
    is_awaited: bool,
}

impl Given {
    /// What a call gives; `None` where `*` or `**` leave that open.
    pub fn of(call: &ExprCall, is_awaited: bool) -> Option<Self> {
        let arguments = &call.arguments;
        if arguments.args.iter().any(|arg| arg.is_starred_expr()) {
            return None;
        }
        let keywords = arguments.keywords.iter();
        Some(Self {
            positional: arguments.args.len(),
            keywords: keywords
                .map(|keyword| keyword.arg.as_ref().map(ToString::to_string))
                .collect::<Option<_>>()?,
            is_awaited,
        })
    }
}

/// A parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Slot {
    /// Its name; `None` where no keyword can give it.
    name: Option<String>,
    /// Whether it has no default.
    is_required: bool,
}

/// What a signature takes, and what can be done with the result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arity {
    positional: Vec<Slot>,
    keyword_only: Vec<Slot>,
    /// `*args`.
    is_variadic: bool,
    /// `**kwargs`.
    takes_any_keyword: bool,
    /// Whether the result is of a builtin class, so that to await it raises TypeError.
    is_plain: bool,
    /// How many parameters the receiver gives, whatever it is: none for a static method, one for a class method. `None` where
    /// that depends on the receiver.
    bound: Option<usize>,
}

impl Arity {
    /// The signature of a definition. `is_plain` says that a call gives an object of a builtin class for sure.
    pub fn of(definition: &StmtFunctionDef, is_plain: bool) -> Self {
        let parameters = &definition.parameters;
        let slot = |parameter: &ruff_python_ast::ParameterWithDefault, has_name: bool| Slot {
            name: has_name.then(|| parameter.parameter.name.to_string()),
            is_required: parameter.default.is_none(),
        };
        let only = parameters.posonlyargs.iter().map(|each| slot(each, false));
        Self {
            positional: only
                .chain(parameters.args.iter().map(|each| slot(each, true)))
                .collect(),
            keyword_only: parameters
                .kwonlyargs
                .iter()
                .map(|each| slot(each, true))
                .collect(),
            is_variadic: parameters.vararg.is_some(),
            takes_any_keyword: parameters.kwarg.is_some(),
            is_plain,
            bound: None,
        }
    }

    /// The same of a method that is decorated by `builtins.staticmethod` or `builtins.classmethod`.
    pub fn decorated_by(mut self, path: &str) -> Self {
        self.bound = match path {
            "builtins.staticmethod" => Some(0),
            "builtins.classmethod" => Some(1),
            _ => self.bound,
        };
        self
    }

    /// Whether a call through an instance or a class may be one of this method, whatever of both it is.
    pub fn may_take(&self, given: &Given) -> bool {
        let is_taken = match self.bound {
            Some(bound) => self.takes(given, bound),
            None => self.takes(given, 0) || self.takes(given, 1),
        };
        is_taken && !(given.is_awaited && self.is_plain)
    }

    /// Whether a call is taken, after as many arguments as are bound before.
    fn takes(&self, given: &Given, bound: usize) -> bool {
        let positional = given.positional + bound;
        if positional > self.positional.len() && !self.is_variadic {
            return false;
        }
        let is_given = |slot: &Slot| {
            slot.name
                .as_ref()
                .is_some_and(|name| given.keywords.contains(name))
        };
        let (filled, open) = self
            .positional
            .split_at(positional.min(self.positional.len()));
        let open: Vec<&Slot> = open.iter().chain(&self.keyword_only).collect();
        let lacks = |slot: &&Slot| slot.is_required && !is_given(slot);
        if filled.iter().any(is_given) || open.iter().any(lacks) {
            return false;
        }
        let is_open =
            |keyword: &String| open.iter().any(|slot| slot.name.as_ref() == Some(keyword));
        self.takes_any_keyword || given.keywords.iter().all(is_open)
    }
}

#[cfg(test)]
mod tests {
    use ruff_python_ast::{Expr, Stmt};

    use super::{Arity, Given};

    #[test]
    fn what_a_decorator_binds_is_no_argument() {
        let of = |decorator: &str, call: &str| {
            let text = format!("def f(db, key): ...\nx.f({call})\n");
            let parsed = ruff_python_parser::parse_module(&text).unwrap();
            let [Stmt::FunctionDef(definition), Stmt::Expr(statement)] = &parsed.syntax().body[..]
            else {
                panic!("{text}");
            };
            let Expr::Call(call) = statement.value.as_ref() else {
                panic!("{text}");
            };
            let arity = Arity::of(definition, false).decorated_by(decorator);
            arity.may_take(&Given::of(call, false).unwrap())
        };
        assert!(!of("builtins.staticmethod", "1") && of("builtins.staticmethod", "1, 2"));
        assert!(of("builtins.classmethod", "1") && !of("builtins.classmethod", "1, 2"));
        assert!(of("abc.abstractmethod", "1") && of("abc.abstractmethod", "1, 2"));
    }

    /// Whether `x.f(CALL)` may be a call of `def f(SIGNATURE)`.
    fn may_take(signature: &str, call: &str) -> bool {
        may_be(signature, call, false, false)
    }

    fn may_be(signature: &str, call: &str, is_plain: bool, is_awaited: bool) -> bool {
        let text = format!("def f({signature}): ...\nx.f({call})\n");
        let parsed = ruff_python_parser::parse_module(&text).unwrap();
        let [Stmt::FunctionDef(definition), Stmt::Expr(statement)] = &parsed.syntax().body[..]
        else {
            panic!("{text}");
        };
        let Expr::Call(call) = statement.value.as_ref() else {
            panic!("{text}");
        };
        Given::of(call, is_awaited)
            .is_none_or(|given| Arity::of(definition, is_plain).may_take(&given))
    }

    #[test]
    fn calls_that_are_taken() {
        assert!(may_take("self, a, b", "1, 2"));
        assert!(may_take("self, a, b", "x, 1, 2"));
        assert!(may_take("a, b", "1, 2"));
        assert!(may_take("self, a, b=2", "1"));
        assert!(may_take("self, a, b=2", "b=1, a=2"));
        assert!(may_take("self, *a, k", "1, 2, 3, k=4"));
        assert!(may_take("self, **k", "x=1"));
        assert!(may_take("self, a, /, **k", "1, a=1"));
        assert!(may_take("self, a, b", "*x"));
        assert!(may_take("self, a, b", "**x"));
        assert!(may_take("self, a", "self=x, a=1"));
        assert!(may_take("*a", ""));
    }

    #[test]
    fn calls_that_raise() {
        assert!(!may_take("self, a, b, c, d", "1, 2"));
        assert!(!may_take("self", "1, 2"));
        assert!(!may_take("self, a", "b=1"));
        assert!(!may_take("self, a", "1, 2, a=1"));
        assert!(!may_take("self, *, k", "1"));
        assert!(!may_take("self, *, k", ""));
        assert!(!may_take("self, a, /", "a=1"));
        assert!(!may_take("self, a, /, b", "1, 2, 3, 4"));
    }

    #[test]
    fn awaits_that_raise() {
        assert!(!may_be("self", "", true, true));
        assert!(may_be("self", "", true, false));
        assert!(may_be("self", "", false, true));
    }
}
