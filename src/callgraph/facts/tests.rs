use super::*;
use crate::callgraph::{Call, Sink, Usage};
use crate::pipeline::parse;

/// The facts of a module `app.main`; `app` and `lib` are first-party.
fn facts(text: &str) -> FileFacts {
    let Ok(parsed) = parse(text, PythonVersion::PY314) else {
        panic!("does not parse: {text}");
    };
    let module = crate::semantic::ModuleName {
        name: "app.main".to_string(),
        is_package: false,
    };
    let model = Model::new(text, &parsed, &module);
    let suppressions = Suppressions::of(&model);
    let outlook = Outlook {
        is_first_party: &|name| matches!(name, "app" | "lib"),
        is_seed: &|path| path == "http.Client.get",
    };
    read(&model, &suppressions, PythonVersion::PY311, outlook)
}

fn target(facts: &FileFacts, target: &Target) -> String {
    match target {
        Target::Function(index) => facts.functions[*index as usize].qualified_name.clone(),
        Target::Class(index) => format!("class {}", facts.classes[*index as usize].qualified_name),
        Target::Path(path) => format!("<{path}>"),
        Target::Unknown => "?".to_string(),
    }
}

fn class(facts: &FileFacts, of_type: &Type) -> String {
    match of_type {
        // Nobody can list the callers.
        given if given.is_given() => "?".to_string(),
        Type::Class(index) => facts.classes[*index as usize].qualified_name.clone(),
        Type::Path(path) => format!("<{path}>"),
        Type::Returned(called) => format!("{}()", callee(facts, called)),
        Type::Attribute(of, name) => format!("{}.{name}", class(facts, of)),
        Type::Parameter(..) | Type::Made(_) => unreachable!(),
        Type::Fixture(name) => format!("fixture {name}"),
        Type::Either(types) => {
            let types: Vec<String> = types.iter().map(|type_| class(facts, type_)).collect();
            types.join("|")
        }
    }
}

fn callee(facts: &FileFacts, callee: &Callee) -> String {
    match callee {
        Callee::Target(found) => target(facts, found),
        Callee::Method { receiver, name } => format!("{}#{name}", class(facts, receiver)),
        Callee::Super { class, name } => {
            let class = &facts.classes[*class as usize].qualified_name;
            format!("super({class})#{name}")
        }
        Callee::Foreign(path) => format!("foreign {path}"),
        Callee::UnknownMethod { name } => format!("?#{name}"),
        Callee::UnknownValue => "?".to_string(),
    }
}

fn call(text: &str, facts: &FileFacts, call: &Call) -> String {
    let mut line = format!("{} -> {}", &text[call.range], callee(facts, &call.callee));
    match call.usage {
        Usage::Value => {}
        Usage::Iterated(_) => line.push_str(" [Iterated]"),
        Usage::Collected => line.push_str(" [Collected]"),
        Usage::Delegated(_) => line.push_str(" [Delegated]"),
        Usage::With(_, item) => line.push_str(&format!(" [With {item}]")),
        usage => line.push_str(&format!(" [{usage:?}]")),
    }
    let makes = matches!(call.callee, Callee::Target(Target::Class(_)));
    if let Err(reason) = &call.placement
        && !makes
    {
        line.push_str(&format!(" !{}", reason.code));
    }
    line
}

/// The calls that the text writes, one on each line: `source -> callee [usage] !reason`. A method is `Class#name`, a path
/// `<path>`.
fn calls(text: &str) -> Vec<String> {
    let facts = facts(text);
    facts
        .calls
        .iter()
        .filter(|one| !one.is_implicit)
        .map(|one| call(text, &facts, one))
        .collect()
}

/// The uses as values: `source: callee kind`.
fn values(text: &str) -> Vec<String> {
    let facts = facts(text);
    facts
        .values
        .iter()
        .map(|value| {
            let kind = match value.kind {
                ValueKind::Identity => " (identity)",
                ValueKind::TakesCoroutine => " (takes coroutines)",
                ValueKind::Program => " (program)",
                ValueKind::Flows => " (flows)",
                ValueKind::Stored => " (stored)",
                ValueKind::Asked => " (asked)",
                ValueKind::Other => "",
            };
            let source = &text[value.range];
            format!("{source}: {}{kind}", callee(&facts, &value.callee))
        })
        .collect()
}

#[track_caller]
fn check_calls(text: &str, expected: &[&str]) {
    assert_eq!(calls(text), expected, "{text}");
}

#[track_caller]
fn check_values(text: &str, expected: &[&str]) {
    assert_eq!(values(text), expected, "{text}");
}

#[test]
fn functions_by_name() {
    check_calls("def f(): pass\nf()\n", &["f() -> f"]);
    check_calls(
        "def f():\n    def f(): pass\n    return f()\nf()\n",
        &["f() -> f.f", "f() -> f"],
    );
    check_calls(
        "def f():\n    def g(): pass\n    def h(): return g()\n    return h\ng()\n",
        &["g() -> f.g"],
    );
    // A method is no plain name in the functions of its class, but it is one in the body.
    check_calls(
        "def m(): pass\nclass C:\n    def m(self): return m()\n    x = m()\n",
        &["m() -> m", "m() -> C.m !class-body"],
    );
    check_calls(
        "def f(): pass\ndef g(f): f()\nlambda f: f()\n[f() for f in x]\n",
        &["f() -> ?", "f() -> ? !lambda", "f() -> ?"],
    );
    check_calls("if (f := make()):\n    f()\n", &["f() -> ?"]);
    check_calls(
        "f = lambda: g()\nf()\ndef g(): pass\n",
        &["g() -> g", "f() -> f"],
    );
    check_calls(
        "print(len(x))\nimport os, requests\nos.path.join(x)\nrequests.get(x)\n",
        &[],
    );
}

#[test]
fn names_that_are_bound_in_more_than_one_way() {
    let redefined = "def f(): pass\ndef f(): pass\nf()\n";
    check_calls(redefined, &["f() -> ?"]);
    check_values(redefined, &["f: f", "f: f"]);
    let conditional = "if x:\n    def f(): pass\nelse:\n    from lib import f\n";
    check_values(conditional, &["f: f", "f: <lib.f>"]);
    check_values(
        "try:\n    from lib.a import f\nexcept ImportError:\n    from lib.b import f\nf()\n",
        &["f: <lib.a.f>", "f: <lib.b.f>"],
    );
    check_calls(
        "try:\n    from lib import f\nexcept ImportError:\n    f = None\nf()\n",
        &["f() -> <lib.f>"],
    );
    let decorated = "def f(): pass\nf = wrap(f)\nf()\n";
    check_values(decorated, &["f: f"]);
    check_calls(
        "def f(): pass\ndef g():\n    global f\n    f = 1\nf()\n",
        &["f() -> ?"],
    );
    check_values("def f(): pass\ndel f\n", &["f: f"]);
    check_calls(
        "from typing import overload\n@overload\ndef f(x: int): ...\n@overload\ndef f(x: str): ...\ndef f(x): ...\nf(1)\n",
        &["f(1) -> f"],
    );
}

#[test]
fn methods_of_self_and_super() {
    check_calls(
        "class A:\n    def m(self):\n        self.n()\n        def inner(): self.n()\n        super().m()\n        super(A, self).m()\n        self.other.n()\n    def n(self): pass\n",
        &[
            "self.n() -> A#n",
            "self.n() -> A#n",
            "super().m() -> super(A)#m",
            "super(A, self).m() -> super(A)#m",
            "self.other.n() -> A.other#n",
        ],
    );
    check_calls(
        "class A:\n    @classmethod\n    def make(cls):\n        cls.n()\n        return cls()\n    @staticmethod\n    def s(self): self.n()\n    def r(self):\n        self = f()\n        self.n()\n    def t(self): pass\n    t = staticmethod(t)\n",
        &[
            "cls.n() -> A#n",
            "cls() -> class A",
            "self.n() -> ?#n",
            "self.n() -> ?#n",
        ],
    );
}

#[test]
fn types_of_receivers() {
    let check = |setup: &str, expected: &str| {
        let text = format!(
            "import requests, typing\nfrom typing import Annotated, Optional, Self, TYPE_CHECKING\nfrom lib import Client, make, client\nfrom lib.api import Api as Other\nif TYPE_CHECKING:\n    from lib.late import Late\nclass C:\n    def m(self): pass\nclass D:\n    def m(self): pass\n{setup}"
        );
        let found = calls(&text);
        assert!(
            found.iter().any(|call| call == expected),
            "{text}\n{expected}\n{found:?}"
        );
    };
    for annotation in [
        "C",
        "'C'",
        "Optional[C]",
        "'Optional[C]'",
        "typing.Optional['C']",
        "C | None",
        "None | C",
        "'C | None'",
        "Annotated[C, 1]",
        "typing.Union[C, None]",
    ] {
        check(&format!("def f(x: {annotation}): x.m()\n"), "x.m() -> C#m");
        check(
            &format!("def f(*, x: {annotation} = None):\n    x.m()\n"),
            "x.m() -> C#m",
        );
        check(
            &format!("def f():\n    x: {annotation} = g\n    x.m()\n"),
            "x.m() -> C#m",
        );
        check(
            &format!("def f() -> {annotation}: ...\nf().m()\n"),
            "f().m() -> C#m",
        );
    }
    for annotation in ["C | D", "Union[C, D]", "Union[C, 'D', None]"] {
        let text = format!("def f(x: {annotation}): x.m()\n");
        let text = format!("class C: pass\nclass D: pass\nfrom typing import Union\n{text}");
        assert_eq!(calls(&text), ["x.m() -> C|D#m"], "{annotation}");
    }
    for variable in [
        "T = TypeVar('T', bound=C)\ndef f(x: T): x.m()\n",
        "T = TypeVar('T', bound='C | None')\ndef f(x: T): x.m()\n",
        "def f[T: C](x: T): x.m()\n",
        "class E[T: C]:\n    def f(self, x: T): x.m()\n",
    ] {
        let text = format!("class C: pass\nfrom typing import TypeVar\n{variable}");
        let last = calls(&text).pop();
        assert_eq!(last.as_deref(), Some("x.m() -> C#m"), "{variable}");
    }
    for variable in [
        "T = TypeVar('T', C, D)\ndef f(x: T): x.m()\n",
        "def f[T: (C, D)](x: T): x.m()\n",
    ] {
        let text = format!("class C: pass\nclass D: pass\nfrom typing import TypeVar\n{variable}");
        let last = calls(&text).pop();
        assert_eq!(last.as_deref(), Some("x.m() -> C|D#m"), "{variable}");
    }
    for annotation in [
        "list[C]",
        "Callable[[], C]",
        "object",
        "typing.Any",
        "'C['",
        "T",
    ] {
        let text = format!("def f(x: {annotation}): x.m()\n");
        let last = calls(&format!("class C: pass\nclass D: pass\nimport typing\nfrom typing import Union, Callable\n{text}")).pop();
        assert!(
            last.is_none() || last.as_deref() == Some("x.m() -> ?#m"),
            "{annotation}: {last:?}"
        );
    }
    check("def f(x: Late): x.m()\n", "x.m() -> <lib.late.Late>#m");
    check(
        "def f(x: requests.Session): x.m()\n",
        "x.m() -> <requests.Session>#m",
    );
    check("def f(*x: C): pass\nC()\n", "C() -> class C");
    check("def f(x: C):\n    x = g\n    x.m()\n", "x.m() -> ?#m");
    check(
        "def f(x: C):\n    x = x or C()\n    x.m()\n",
        "x.m() -> C#m",
    );
    check("def f(x):\n    x = x or C()\n    x.m()\n", "x.m() -> ?#m");
    check("def f():\n    x = C()\n    x.m()\n", "x.m() -> C#m");
    check(
        "def f():\n    x = None\n    if y: x = C()\n    x.m()\n",
        "x.m() -> C#m",
    );
    check(
        "def f():\n    x = C()\n    if y: x = D()\n    x.m()\n",
        "x.m() -> C|D#m",
    );
    check(
        "def f():\n    x = C()\n    for x in y: pass\n    x.m()\n",
        "x.m() -> ?#m",
    );
    check(
        "def f():\n    x = C()\n    x, y = z\n    x.m()\n",
        "x.m() -> ?#m",
    );
    check(
        "def f():\n    with C() as x: x.m()\n",
        "x.m() -> C#__enter__()#m",
    );
    check("def f():\n    if (x := C()): x.m()\n", "x.m() -> C#m");
    check(
        "x = None\ndef f():\n    global x\n    x = C()\ndef g(): x.m()\n",
        "x.m() -> C#m",
    );
    check("x = None\nx.m()\n", "x.m() -> ?#m");
    check("x = C()\n[x.m() for x in y]\n", "x.m() -> ?#m");
    check("x = C()\ndef f(x): x.m()\n", "x.m() -> ?#m");
    check("x = C()\nlambda x: x.m()\n", "x.m() -> ?#m !lambda");
    check(
        "def f(xs: list[C]):\n    for x in xs: x.m()\n",
        "x.m() -> C#m",
    );
    check(
        "def f(xs: dict[C, D]):\n    for x in xs: x.m()\n",
        "x.m() -> C#m",
    );
    check("x = Client()\nx.m()\n", "x.m() -> <lib.Client>#m");
    check("x = make()\nx.m()\n", "x.m() -> <lib.make>()#m");
    check("client.m()\n", "client.m() -> <lib.client.m>");
    check("x = Other()\nx.m()\n", "x.m() -> <lib.api.Api>#m");
    check("C.m(x)\n", "C.m(x) -> C#m");
    check("x = C\nx.m(1)\n", "x.m(1) -> C#m");
    check("x = C()\nx()\n", "x() -> C#__call__");
    check("def f(x: type[C]): x.m()\n", "x.m() -> C#m");
    check("typing.cast(C, x).m()\n", "typing.cast(C, x).m() -> C#m");
    check("def f(): return C()\nf().m()\n", "f().m() -> C#m");
    check(
        "def f():\n    if x: return None\n    return C()\nf().m()\n",
        "f().m() -> C#m",
    );
    check(
        "def f():\n    if x: return D()\n    return C()\nf().m()\n",
        "f().m() -> D|C#m",
    );
    check(
        "@wrap\ndef f() -> C: return C()\nf().m()\n",
        "f().m() -> ?#m",
    );
    check(
        "async def f() -> C: return C()\nf().m()\n",
        "f().m() -> ?#m",
    );
    check(
        "async def f() -> C: ...\nasync def g(): (await f()).m()\n",
        "(await f()).m() -> C#m",
    );
    check("def f() -> C: yield\nf().m()\n", "f().m() -> ?#m");
    check("def f(): return f()\nf().m()\n", "f().m() -> ?#m");
    check(
        "class E:\n    def __new__(cls): ...\nE().m()\n",
        "E().m() -> ?#m",
    );
    check(
        "class E:\n    def with_(self) -> Self: ...\nE().with_().m()\n",
        "E().with_().m() -> E#m",
    );
    check(
        "class E:\n    class I: pass\nE.I().m()\n",
        "E.I().m() -> E.I#m",
    );
    check(
        "class E(Client): pass\nE().make().m()\n",
        "E().make().m() -> E#make()#m",
    );
    check(
        "Alias = Annotated[C, 1]\ndef f(x: Alias): x.m()\n",
        "x.m() -> C#m",
    );
    check("A = B\nB = A\ndef f(x: A): x.m()\n", "x.m() -> ?#m");
    check("x = y\ny = x\nx.m()\n", "x.m() -> ?#m");
    check("x = x.y.z\nx.m()\n", "x.m() -> ?#m");
}

#[test]
fn attributes() {
    let check = |body: &str, expected: &str| {
        let text = format!(
            "import requests\nfrom lib import Client\nclass C:\n    def m(self): pass\nclass D: pass\n{body}"
        );
        let found = calls(&text);
        assert!(
            found.iter().any(|call| call == expected),
            "{text}\n{expected}\n{found:?}"
        );
    };
    // A class attribute is what the body says, if no metaclass and no descriptor is about.
    check(
        "class E:\n    x = C()\n    def f(self): self.x.m()\nE.x.m()\n",
        "E.x.m() -> C#m",
    );
    check(
        "from enum import Enum\nclass E(Enum):\n    x = C()\n    def f(self): self.x.m()\n",
        "self.x.m() -> ?#m",
    );
    check(
        "class E(Client):\n    x = C()\n    def f(self): self.x.m()\n",
        "self.x.m() -> ?#m",
    );
    check(
        "class G:\n    def __get__(self, *a): return 1\nclass E:\n    x = G()\n    def f(self): self.x.m()\n",
        "self.x.m() -> ?#m",
    );
    // Of another file.
    check(
        "class E(Client):\n    def f(self): self.x.m()\n",
        "self.x.m() -> E.x#m",
    );
    check(
        "class E:\n    def __init__(self): self.x = C()\n    def f(self): self.x.m()\n",
        "self.x.m() -> C#m",
    );
    check(
        "class E:\n    def __init__(self, x: C): self.x = x\n    def f(self): self.x.m()\n",
        "self.x.m() -> C#m",
    );
    check(
        "class E:\n    def __init__(self, x): self.x = x\n    def f(self): self.x.m()\n",
        "self.x.m() -> ?#m",
    );
    // What a thread runs gives what the call gives.
    check(
        "import asyncio\nasync def f():\n    x = await asyncio.to_thread(C, 1)\n    x.m()\n",
        "x.m() -> C#m",
    );
    check(
        "import asyncio\ndef g() -> C: ...\nasync def f():\n    x = await asyncio.to_thread(g)\n    x.m()\n",
        "x.m() -> C#m",
    );
    check(
        "import asyncio\nasync def f():\n    x = await asyncio.to_thread(g)\n    x.m()\n",
        "x.m() -> ?#m",
    );
    check(
        "class E:\n    def __init__(self, x):\n        self.x: C = x\n        self.x.m()\n",
        "self.x.m() -> C#m",
    );
    check(
        "class E:\n    x: C\n    def f(self): self.x.m()\n",
        "self.x.m() -> C#m",
    );
    check(
        "class E:\n    x: 'C | None' = None\nE().x.m()\n",
        "E().x.m() -> C#m",
    );
    check(
        "class E:\n    x = None\n    def f(self):\n        self.x = C()\n        self.x.m()\n",
        "self.x.m() -> C#m",
    );
    check(
        "class E:\n    def f(self):\n        self.x = C()\n        self.x = D()\n        self.x.m()\n",
        "self.x.m() -> C|D#m",
    );
    check(
        "class E:\n    def f(self):\n        self.x = C()\n        self.x, y = z\n        self.x.m()\n",
        "self.x.m() -> ?#m",
    );
    check(
        "class E:\n    def f(self):\n        self.x = C()\n        self.x.m()\ndef g(e): e.x = 1\nC()\n",
        "C() -> class C",
    );
    check(
        "def g(e): e.x = 1\nclass E:\n    def f(self):\n        self.x = C()\n        self.x.m()\n",
        "self.x.m() -> ?#m",
    );
    // A subclass sets something else, a base sets it.
    check(
        "class E:\n    def f(self):\n        self.x = C()\nclass F(E):\n    def f(self):\n        self.x = D()\ndef g(e: E): e.x.m()\n",
        "e.x.m() -> C|D#m",
    );
    check(
        "class E:\n    def f(self):\n        self.x = C()\nclass F(E):\n    def f(self): self.x.m()\n",
        "self.x.m() -> C#m",
    );
    // Descriptors.
    check(
        "class E:\n    x = ForeignKey(C)\n    def f(self): self.x.m()\n",
        "self.x.m() -> ?#m",
    );
    check(
        "class E:\n    x = requests.Field()\n    def f(self): self.x.m()\n",
        "self.x.m() -> ?#m",
    );
    check(
        "class E:\n    @property\n    def x(self) -> C: ...\n    @x.setter\n    def x(self, v): ...\n    def f(self): self.x.m()\n",
        "self.x.m() -> C#m",
    );
    check(
        "class E:\n    def x(self) -> C: ...\n    def f(self): self.x.m()\n",
        "self.x.m() -> ?#m",
    );
    // Private names belong to the class that they are written in.
    check(
        "class E:\n    def __f(self): pass\n    def g(self): self.__f()\n",
        "self.__f() -> E#_E__f",
    );
    check(
        "class E:\n    def f(self, *, x=1): E.y.m()\n    y = C()\n",
        "C() -> class C",
    );
    // Shadowed in a nested function.
    check(
        "class E:\n    def f(self):\n        def g(self): self.m()\n",
        "self.m() -> ?#m",
    );
}

#[test]
fn foreign_receivers_are_left_out() {
    check_calls(
        "'a'.join(x)\n[].append(1)\n{}.get(1)\nb'x'.hex()\nf'{x}'.strip()\nstr(x).strip()\n",
        &[],
    );
    check_calls("x = {}\nx.get(1)\nx = dict()\nx.update()\n", &[]);
    check_calls(
        "import requests\ns = requests.Session()\ns.get(x)\nrequests.Session().get(x)\n",
        &[],
    );
    check_calls(
        "import logging\nlog = logging.getLogger(__name__)\nlog.info(x)\n",
        &[],
    );
    check_calls("with open(x) as f:\n    f.read()\n", &[]);
    check_calls(
        "def f(x: str, y: 'dict[str, int]', *a, **k):\n    x.strip()\n    y.get(1)\n    a.index(1)\n    k.get(1)\n",
        &[],
    );
    check_calls(
        "import os.path as p, datetime\np.join(x)\ndatetime.datetime.now().isoformat()\n",
        &[],
    );
    // What a foreign object holds or hands on to may be the project's.
    check_calls(
        "from limits import Limited\nclass C: pass\nx = Limited(C())\nx.fetch()\ny = Limited(1)\ny.fetch()\n",
        &["C() -> class C", "x.fetch() -> ?#fetch"],
    );
    check_calls(
        "from flask import g\ng.client.fetch()\ng.fetch()\n",
        &["g.client.fetch() -> ?#fetch", "g.fetch() -> ?#fetch"],
    );
    check_calls(
        "import flask\nflask.g.fetch()\nflask.jsonify(x)\n",
        &["flask.g.fetch() -> ?#fetch"],
    );
    check_calls(
        "from django.db.models import Model\nModel.objects.get(x)\nModel.create()\n",
        &["Model.objects.get(x) -> ?#get"],
    );
    check_calls(
        "from werkzeug.local import LocalProxy\nc = LocalProxy(f)\nc.fetch()\n",
        &["c.fetch() -> ?#fetch"],
    );
    check_calls(
        "import copy\ncopy.copy(x).fetch()\nnext(x).fetch()\n{}.get(1).fetch()\nx[0].fetch()\n",
        &[
            "copy.copy(x).fetch() -> ?#fetch",
            "next(x).fetch() -> ?#fetch",
            "{}.get(1).fetch() -> ?#fetch",
            "x[0].fetch() -> ?#fetch",
        ],
    );
}

#[test]
fn star_imports() {
    let text = "from lib.a import *\nfrom .b import *\nf()\nprint(g)\ng.x\n";
    check_calls(text, &["f() -> ?", "print(g) -> ?"]);
    check_values(
        text,
        &[
            "f: <lib.a.f>",
            "f: <app.b.f>",
            "print: <lib.a.print>",
            "print: <app.b.print>",
            "g: <lib.a.g>",
            "g: <app.b.g>",
            "g.x: <lib.a.g.x>",
            "g.x: <app.b.g.x>",
            "g.x: ?#x",
            "g: <lib.a.g>",
            "g: <app.b.g>",
        ],
    );
    assert_eq!(facts(text).star_imports, ["lib.a", "app.b"]);
    check_values(
        "from os.path import *\ndef f(x): getattr(x, 'm')\n",
        &["getattr(x, 'm'): ?#m"],
    );
    check_calls("from os.path import *\njoin(x)\n", &[]);
}

#[test]
fn members_of_namespaces() {
    for text in [
        "globals()['m']\n",
        "from os.path import *\nglobals()['m']\n",
        "vars(x)['m'] = 1\n",
        "x.y.__dict__.get('m')\n",
        "exec('m(1)')\n",
    ] {
        assert!(
            values(text).iter().any(|value| value.ends_with(": ?#m")),
            "{text}: {:?}",
            values(text)
        );
    }
}

#[test]
fn modules_by_string() {
    check_calls(
        "import importlib\nm = importlib.import_module('lib.sub')\nm.f()\n",
        &["m.f() -> <lib.sub.f>"],
    );
    // Any module may be behind it, so any function of this name may be called.
    let text = "import importlib\nm = importlib.import_module(name)\nm.f()\n";
    assert_eq!(values(text), ["m.f(): ?#f"]);
    assert_eq!(values("m = g(name)\nm.f()\n"), [] as [&str; 0]);
}

#[test]
fn values_by_name() {
    let check = |line: &str, expected: &[&str]| {
        let text = format!(
            "from fastapi import Depends, BackgroundTasks\nfrom typing import Annotated\nfrom lib import g\nimport lib.sub\nimport inspect\ndef f(): pass\nclass C: pass\n{line}\n"
        );
        assert_eq!(values(&text), expected, "{text}");
    };
    check("f()", &[]);
    check("C()\nx = C", &[]);
    // Every use of the name is one of the function; that of a class or an element is not.
    check("x = f", &["f: f (identity)"]);
    check("x = f\nx = g", &["f: f (flows)", "g: <lib.g> (flows)"]);
    check("x = f\nrun(x)", &["f: f (identity)", "x: f"]);
    check("class D:\n    x = f", &["f: f (flows)"]);
    check("f.x = 1\nf.x", &["f: f (identity)", "f: f (identity)"]);
    check(
        "x, y = f, g\nx = y = f",
        &["f: f (identity)", "g: <lib.g> (flows)", "f: f (flows)"],
    );
    check("run(f)\nrun(key=f)\nrun(*[f])", &["f: f", "f: f", "f: f"]);
    check("def h(x=f): return f", &["f: f (flows)", "f: f (flows)"]);
    check(
        "f is x\nf == x\nf in x\nx in f",
        &[
            "f: f (identity)",
            "f: f (identity)",
            "f: f (identity)",
            "f: f",
        ],
    );
    check(
        "{f: 1}\n{1: f}\nx[f] = 2\n[f]",
        &[
            "f: f (identity)",
            "f: f (identity)",
            "f: f (identity)",
            "f: f (identity)",
        ],
    );
    check(
        "f.__name__\nf.__doc__\nf.cache_clear()\nf.x",
        &["f: f (identity)", "f: f (identity)", "f: f", "f: f"],
    );
    check("f.x = 1", &["f: f"]);
    check(
        "Depends(f)\nDepends(dependency=f)",
        &["f: f (takes coroutines)", "f: f (takes coroutines)"],
    );
    check(
        "def h(x: Annotated[int, Depends(f)], y: f, *z: f) -> f: ...\nx: f = 1",
        &["f: f (takes coroutines)"],
    );
    check(
        "def h(tasks: BackgroundTasks): tasks.add_task(f, 1)",
        &["f: f (takes coroutines)"],
    );
    check("def h(tasks): tasks.add_task(f, 1)", &["f: f"]);
    check("@f\ndef h(): pass\n@f(1)\ndef i(): pass", &["f: f"]);
    check("g()\nlib.sub.f()\nlib.sub.f(g)", &["g: <lib.g> (flows)"]);
    check(
        "x = lib.sub.f\nx = lib.sub.f.__name__\nx = lib.sub.C.m",
        &[
            "lib.sub.f: <lib.sub.f> (flows)",
            "lib.sub.f: <lib.sub.f> (identity)",
            "lib.sub.C.m: <lib.sub.C.m> (flows)",
        ],
    );
    check(
        "lib.sub.f = x\ndel lib.sub.f",
        &["lib.sub.f: <lib.sub.f>", "lib.sub.f: <lib.sub.f>"],
    );
    check(
        "getattr(lib.sub, 'f')\ngetattr(lib, x)",
        &[
            "getattr(lib.sub, 'f'): <lib.sub.f>",
            "lib.sub: <lib.sub>",
            "lib: <lib>",
        ],
    );
    check("h = f\nh()\nx = h", &["f: f (identity)", "h: f (identity)"]);
    check("[f for f in x]\nlambda f: f\ndef h(f): return f", &[]);
    check(
        "class D:\n    m = f\n    def n(self): pass\n    o = n",
        &["f: f (flows)", "n: D.n (flows)"],
    );
    check("__all__ = ['f']", &[]);
    check("print(f\"{f}\")", &["f: f"]);
}

#[test]
fn values_by_attribute() {
    let check = |body: &str, expected: &[&str]| {
        let text = format!(
            "import requests\nclass C:\n    def m(self): pass\n    @property\n    def p(self): pass\n{body}\n"
        );
        assert_eq!(values(&text), expected, "{text}");
    };
    check(
        "c = C()\nc.m()\nx = c.m\nx = c.p",
        &["c.m: C#m (flows)", "c.p: C#p (flows)"],
    );
    check(
        "x = C.m\nC.m = x\nx.m = 1\nC().m is x",
        &[
            "C.m: C#m (flows)",
            "C.m: C#m (stored)",
            "x.m: ?#m (stored)",
            "C().m: C#m (identity)",
        ],
    );
    check(
        "def f(x):\n    x.m()\n    g(x.m)\n    x.y.z\n    x.m = 1\n    x.__name__",
        &[
            "x.m: ?#m",
            "x.y.z: ?#z (identity)",
            "x.y: ?#y",
            "x.m: ?#m (stored)",
        ],
    );
    check(
        "x = requests.get\n'a'.join\n[].append\nx = requests.Session().get",
        &[],
    );
    check(
        "class D(C):\n    def m(self):\n        f(super().m, self.m, self.x)\n        getattr(self, 'm')()",
        &[
            "super().m: super(D)#m",
            "self.m: D#m",
            "self.x: D#x",
            "getattr(self, 'm'): D#m",
        ],
    );
    check(
        "def f(x):\n    getattr(x, 'm', None)\n    setattr(x, 'm', 1)\n    getattr(x, y)",
        &["getattr(x, 'm', None): ?#m", "setattr(x, 'm', 1): ?#m"],
    );
    check(
        "import operator\noperator.attrgetter('a.m')",
        &["'a.m': ?#a", "'a.m': ?#m"],
    );
    check(
        "class D:\n    @property\n    def x(self): pass\n    @x.setter\n    def x(self, v): pass",
        &[],
    );
}

#[test]
fn usages() {
    let check = |line: &str, expected: &[&str]| {
        let text = format!("import asyncio, sys\ndef f(): pass\n{line}\n");
        assert_eq!(calls(&text), expected, "{text}");
    };
    check("async def h(): await f()", &["f() -> f [Awaited]"]);
    check("for x in f(): pass", &["f() -> f [Iterated]"]);
    check(
        "[x for x in f() if f()]",
        &["f() -> f [Iterated]", "f() -> f"],
    );
    check(
        "async def h():\n    async for x in f(): pass\n    async with f(): pass",
        &["f() -> f", "f() -> f"],
    );
    check("with x, f() as y: pass", &["f() -> f [With 1]"]);
    check(
        "asyncio.run(f())\nasyncio.gather(f(), f())\nasyncio.gather(*[f() for _ in x])\nasyncio.wait_for(f(), f())",
        &[
            "f() -> f [Coroutine]",
            "f() -> f [Coroutine]",
            "f() -> f [Coroutine]",
            "f() -> f [Coroutine]",
            "f() -> f [Coroutine]",
            "f() -> f",
        ],
    );
    check(
        "asyncio.gather([f()])\nasyncio.wait([f()])\nasyncio.to_thread(f())",
        &["f() -> f", "f() -> f [Coroutine]", "f() -> f"],
    );
    check(
        "def h(tg): tg.create_task(f(), name=f())",
        &[
            "tg.create_task(f(), name=f()) -> ?#create_task",
            "f() -> f [Coroutine]",
            "f() -> f",
        ],
    );
    check("asyncio.run(f)", &[]);
    check("if __name__ != '__main__': f()", &["f() -> f"]);
    check("f()", &["f() -> f"]);
}

#[test]
fn placements() {
    check_calls(
        "def f(): pass\nlambda: f()\nclass C:\n    x = f()\n(f() for _ in x)\n[f() for _ in x]\nprint(f'{f()=}')\n",
        &[
            "f() -> f !lambda",
            "f() -> f !class-body",
            "f() -> f !generator-expression",
            "f() -> f",
            "f() -> f !f-string-debug",
        ],
    );
}

/// One line about a function.
fn function(facts: &FileFacts, one: &Function) -> String {
    let mut line = one.qualified_name.clone();
    for (flag, word) in [
        (one.is_async, "async"),
        (one.is_generator, "generator"),
        (one.generator_result, "result"),
        (one.stop_iteration || !one.nexts.is_empty(), "stop"),
        (one.pin.is_some(), "keep"),
    ] {
        if flag {
            line.push(' ');
            line.push_str(word);
        }
    }
    if let Some(index) = one.class {
        line.push_str(&format!(
            " in {}",
            facts.classes[index as usize].qualified_name
        ));
    }
    if let Some(outer) = one.outer {
        line.push_str(&format!(
            " below {}",
            facts.functions[outer as usize].qualified_name
        ));
    }
    for decorator in &one.decorators {
        let call = if decorator.is_called { "()" } else { "" };
        line.push_str(&format!(" @{}{call}", target(facts, &decorator.target)));
    }
    if let Some(type_) = &one.returns {
        line.push_str(&format!(" -> {}", class(facts, type_)));
    }
    line
}

#[track_caller]
fn check_functions(text: &str, expected: &[&str]) {
    let facts = facts(text);
    let found: Vec<String> = facts
        .functions
        .iter()
        .map(|one| function(&facts, one))
        .collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn functions() {
    check_functions(
        "def f():\n    class C:\n        def m(self):\n            def n(): pass\n            lambda: 1\n",
        &[
            "f",
            "f.C.m in f.C below f",
            "f.C.m.n below f.C.m",
            "f.C.m.<lambda> below f.C.m",
        ],
    );
    check_functions(
        "class C[T]:\n    if x:\n        def m[T](self): pass\n    f = lambda self: 1\n",
        &["C.m in C", "C.<lambda> in C"],
    );
    check_functions(
        "def f(): yield 1\ndef g():\n    x = yield\ndef h():\n    yield 1\n    return 2\ndef i():\n    yield\n    return\ndef j():\n    def k(): yield\n    return 1\ndef l():\n    yield from x\ndef m():\n    return (yield from x)\n",
        &[
            "f generator",
            "g generator result",
            "h generator result",
            "i generator",
            "j",
            "j.k generator below j",
            "l generator",
            "m generator result",
        ],
    );
    check_functions(
        "def a(): raise StopIteration\ndef b(): raise StopIteration(1) from e\ndef c(): next(x)\ndef d(): next(x, 1)\ndef e():\n    try: next(x)\n    except StopIteration: pass\ndef f():\n    def g(): next(x)\n    try: pass\n    except StopIteration: next(x)\n",
        &[
            "a stop",
            "b stop",
            "c stop",
            "d",
            "e",
            "f stop",
            "f.g stop below f",
        ],
    );
    check_functions(
        "import functools, lib\nfrom fastapi import FastAPI\napp = FastAPI()\ndef deco(x): return x\n@deco\n@functools.lru_cache(maxsize=1)\n@lib.retry\n@app.get('/')\n@x[0]\ndef f(): pass\nclass C:\n    @property\n    def p(self): pass\n    @p.setter\n    def p(self, v): pass\n",
        &[
            "deco -> ?",
            "f @deco @<functools.lru_cache>() @<lib.retry> @<fastapi.FastAPI.get>() @?",
            "C.p in C @<builtins.property>",
            "C.p in C @<builtins.property.setter>",
        ],
    );
    check_functions(
        "from lib import A\nclass C: pass\ndef a() -> C: ...\ndef b() -> 'A': ...\ndef c(): return C()\ndef d(): return x\nasync def e() -> C: ...\n# awaitify: keep-sync\ndef f(): pass\n",
        &[
            "a -> C",
            "b -> <lib.A>",
            "c -> C",
            "d",
            "e async -> C",
            "f keep",
        ],
    );
    let text = "@a(\n  1)\ndef f(x: int = {1: 2}) -> (\n  int):  # c\n    pass\nlambda: {1: 2}\nlambda x={1: 2}: 3\n";
    let headers: Vec<&str> = facts(text)
        .functions
        .iter()
        .map(|one| &text[one.header])
        .collect();
    assert_eq!(
        headers,
        [
            "@a(\n  1)\ndef f(x: int = {1: 2}) -> (\n  int):",
            "lambda:",
            "lambda x={1: 2}:"
        ]
    );
}

#[test]
fn classes() {
    let text = "import lib\nfrom lib import Base\nfrom typing import Generic, overload\nclass A(Base, lib.sub.B, Generic[T], make()):\n    x: 'A'\n    def m(self): self.y = lib.Client()\n    @overload\n    def n(self, x: int): ...\n    def n(self, x): ...\n    @property\n    def p(self) -> 'A': ...\n    @p.setter\n    def p(self, v): ...\n    class Inner(dict): pass\n    def __q(self): pass\nclass B(A, A.Inner, metaclass=M): pass\nclass B: pass\nclass D(B): pass\n";
    let facts = facts(text);
    let found: Vec<String> = facts
        .classes
        .iter()
        .map(|one| {
            let bases: Vec<String> = one.bases.iter().map(|base| target(&facts, base)).collect();
            let list = |methods: &[(String, u32)]| {
                let names: Vec<String> = methods
                    .iter()
                    .map(|(name, index)| format!("{name}={index}"))
                    .collect();
                names.join(" ")
            };
            let attributes: Vec<String> = one
                .attributes
                .iter()
                .map(|(name, type_)| format!("{name}: {}", class(&facts, type_)))
                .collect();
            format!(
                "{}({}) methods {} overloads {} attributes {}{}",
                one.qualified_name,
                bases.join(", "),
                list(&one.methods),
                list(&one.overloads),
                attributes.join(", "),
                if one.has_keywords { " keywords" } else { "" },
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            "A(<lib.Base>, <lib.sub.B>, <typing.Generic>, ?) methods m=0 n=2 p=4 _A__q=5 overloads n=1 p=3 attributes x: A, y: <lib.Client>",
            "A.Inner(<builtins.dict>) methods  overloads  attributes ",
            "B(class A, class A.Inner) methods  overloads  attributes  keywords",
            "B() methods  overloads  attributes ",
            "D(?) methods  overloads  attributes ",
        ]
    );
}

#[test]
fn module_names() {
    let text = "import os, lib.sub\nfrom .x import y as z\nfrom lib import Client\ndef f(): pass\nclass C: pass\nc = C()\nd = Client()\ne = 1\ng = lambda: 1\nif h:\n    def i(): pass\nelse:\n    def i(): pass\n";
    let facts = facts(text);
    let names: Vec<String> = facts
        .names
        .iter()
        .map(|(name, found)| format!("{name} {}", target(&facts, found)))
        .collect();
    assert_eq!(
        names,
        [
            "os <os>",
            "lib <lib>",
            "z <app.x.y>",
            "Client <lib.Client>",
            "f f",
            "C class C",
            "g g"
        ]
    );
    let variables: Vec<String> = facts
        .variables
        .iter()
        .map(|(name, type_)| format!("{name} {}", class(&facts, type_)))
        .collect();
    assert_eq!(variables, ["c C", "d <lib.Client>"]);
}

#[test]
fn lookups_by_a_made_name() {
    let text = "from lib import sub\nclass C:\n    def m(self, x):\n        getattr(self, f'do_{x}')()\n        getattr(self, 'a' f'b{x}')\n        getattr(self, 'on_' + x + y, None)\n        getattr(x, '%s_x' % y)\n        getattr(sub, 'f_{}'.format(x))\n        getattr([], x)\n        setattr(self, x, 1)\n";
    let facts = facts(text);
    let found: Vec<String> = facts
        .lookups
        .iter()
        .map(|lookup| {
            let of = lookup
                .of
                .as_ref()
                .map_or("?".to_string(), |of| class(&facts, of));
            format!("{of} {}", lookup.prefix)
        })
        .collect();
    assert_eq!(found, ["C do_", "C a", "C on_", "? ", "<lib.sub> f_", "C "]);
}

#[test]
fn class_bodies_are_invisible_to_what_is_in_them() {
    check_calls(
        "def m(): pass\nclass C:\n    def m(self): pass\n    x = [m() for _ in m()]\n    def n(self, d=m()): return m\n    y = lambda: m()\n",
        &[
            "m() -> m !class-body",
            "m() -> C.m [Iterated] !class-body",
            "m() -> C.m !class-body",
            "m() -> m !lambda",
        ],
    );
}

/// The calls that Python makes itself.
fn implicit(text: &str) -> Vec<String> {
    let facts = facts(text);
    let implicit = facts.calls.iter().filter(|one| one.is_implicit);
    implicit.map(|one| call(text, &facts, one)).collect()
}

#[test]
fn special_methods_are_called_where_the_class_is_known() {
    let class =
        "class C:\n    def __enter__(self): return self\n    @property\n    def p(self): pass\n";
    assert_eq!(
        implicit(&format!("{class}def f(x, c: C):\n    with c, x: pass\n")),
        ["c -> C#__enter__ [With 0]", "c -> C#__exit__ [With 0]"]
    );
    assert_eq!(
        implicit(&format!(
            "{class}def f(c: C):\n    for x in c: pass\n    sum(c)\n    c.p.real\n"
        )),
        [
            "c -> C#__iter__ [Iterated]",
            "c -> C#__next__ [Iterated]",
            "c -> C#__iter__ [Collected]",
            "c -> C#__next__ [Collected]",
            "c.p -> C#p",
        ]
    );
    // What a stack does not hold for sure is not entered by it.
    let stack = format!(
        "{class}from contextlib import ExitStack\ndef f(other):\n    with ExitStack() as s:\n        s.enter_context(C())\n"
    );
    assert_eq!(implicit(&stack).len(), 2, "{:?}", implicit(&stack));
    let handed_on = format!("{stack}        other(s)\n");
    assert!(implicit(&handed_on).is_empty());
}

/// Where instances and classes go: `source: sink`.
fn flows(text: &str) -> Vec<String> {
    facts(text)
        .flows
        .iter()
        .map(|flow| {
            let sink = match &flow.sink {
                Sink::Into { name, .. } => format!("into {}", name.as_deref().unwrap_or("")),
                Sink::Parameter { .. } => "parameter".to_string(),
                Sink::Returned(_) => "returned".to_string(),
                Sink::Iterated => "iterated".to_string(),
                Sink::Class => "class".to_string(),
                Sink::Escapes => "escapes".to_string(),
            };
            format!("{}: {sink}", &text[flow.range])
        })
        .collect()
}

#[test]
fn every_step_of_an_instance_is_told() {
    let check = |code: &str, expected: &[&str]| {
        let text = format!(
            "class C:\n    def m(self): pass\ndef g(c: C): pass\ndef f(x):\n    c = C()\n    {code}\n"
        );
        assert_eq!(flows(&text), expected, "{text}");
    };
    for stays in [
        "c.m()",
        "c is None",
        "print(c, f'{c}')",
        "isinstance(c, C)",
        "with c: pass",
        "for x in c: pass",
        "d = c",
        "if c and x: pass",
        "type(c).__name__",
        "c[0]",
    ] {
        check(stays, &[]);
    }
    check("return c", &["c: returned"]);
    check("g(c)", &["c: parameter"]);
    check("x(c)", &["c: escapes"]);
    check("x.append(c)", &["c: escapes"]);
    check("d = [c]", &["c: escapes"]);
    check("x.c = c", &["c: escapes"]);
    check("d = c if x else x", &["c: escapes"]);
    check("a, b = c", &["c: escapes"]);
    check("1 in c", &["c: iterated"]);
    check("zip(c)", &["c: escapes"]);
    check("type(c)()", &["c: class"]);
    check("isinstance(c, x)", &["c: escapes"]);
    check("x(C)", &["C: escapes"]);
    check("lambda: c", &["c: escapes"]);
    check("global h; h = C()", &["C(): into h"]);
    let decorated = "import m\n@m.d\nclass C: pass\nclass D(metaclass=m.M): pass\n";
    assert_eq!(flows(decorated), ["C: escapes", "D: escapes"]);
}
