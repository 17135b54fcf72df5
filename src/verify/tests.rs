//! Each kind of problem, and that a text without one stays clean.

use super::{check, new_problems};
use crate::python::PythonVersion;

/// The messages for `text`, for 3.11 unless said otherwise.
fn messages(text: &str) -> Vec<String> {
    messages_for(text, PythonVersion::PY311)
}

fn messages_for(text: &str, version: PythonVersion) -> Vec<String> {
    let problems = check(text, version);
    problems
        .into_iter()
        .map(|problem| problem.message)
        .collect()
}

#[track_caller]
fn assert_clean(text: &str) {
    assert_eq!(messages(text), [""; 0], "{text}");
}

/// Every text has just this one problem.
#[track_caller]
fn assert_each(message: &str, texts: &[&str]) {
    for text in texts {
        assert_eq!(messages(text), [message], "{text}");
    }
}

#[test]
fn parse_errors_come_sorted_and_alone() {
    let problems = check("def f(:\nx = = 2\nawait y\n", PythonVersion::PY311);
    assert!(problems.len() > 1, "{problems:?}");
    assert!(problems.is_sorted_by_key(|problem| problem.range.start()));
    assert!(
        problems
            .iter()
            .all(|problem| !problem.message.contains("asynchronous"))
    );
}

#[test]
fn syntax_that_the_version_lacks() {
    let text = "try:\n    pass\nexcept* OSError:\n    pass\n";
    assert_clean(text);
    let old = messages_for(text, PythonVersion::PY310);
    assert_eq!(old.len(), 1, "{old:?}");
    assert!(old[0].contains("3.10"), "{old:?}");
}

#[test]
fn await_needs_an_async_function() {
    assert_each(
        super::semantic::AWAIT,
        &[
            "await x",
            "def f():\n    await x",
            "async def f():\n    def g():\n        await x",
            "async def f():\n    class C:\n        await x",
            "async def f():\n    return lambda: await x",
            "def f(a=await x): pass",
            "@(await x)\ndef f(): pass",
            "class C(await x): pass",
            "def f() -> (await x): pass",
            "def f():\n    return [y for y in await x]",
            "def f():\n    return (y for y in await x)",
            "print(f'{await x}')",
        ],
    );
    assert_clean(
        "async def f():\n    await x\n    def g(a=await x): pass\n    class C(await x): pass",
    );
    assert_clean(
        "async def f():\n    @(await x)\n    async def g(a: (await x)): pass\n    lambda a=await x: a",
    );
}

#[test]
fn async_statements_need_an_async_function() {
    assert_each(
        super::semantic::ASYNC_WITH,
        &[
            "async with x: pass",
            "def f():\n    async with x: pass",
            "async def f():\n    class C:\n        async with x: pass",
        ],
    );
    assert_each(
        super::semantic::ASYNC_FOR,
        &[
            "async for y in x: pass",
            "def f():\n    async for y in x: pass",
        ],
    );
    assert_clean("async def f():\n    async with x:\n        async for y in z: pass");
}

#[test]
fn async_comprehensions_need_an_async_function() {
    assert_each(
        super::semantic::ASYNC_COMPREHENSION,
        &[
            "def f():\n    return [y async for y in x]",
            "def f():\n    return {y async for y in x}",
            "def f():\n    return {y: y async for y in x}",
            "def f():\n    return [await y for y in x]",
            "def f():\n    return [y for y in x if await y]",
            "def f():\n    return [y for a in x for y in await a]",
            "def f():\n    return [[await y for y in a] for a in x]",
            "async def f():\n    return lambda: [await y for y in x]",
            "[await y for y in x]",
        ],
    );
    assert_clean("async def f():\n    return [await y async for y in await x if await y]");
}

#[test]
fn generator_expressions_may_await_anywhere() {
    assert_clean("def f():\n    return (await y for y in x)");
    assert_clean("def f():\n    return (y async for y in x)");
    assert_clean("g = (await y for y in x)");
    assert_clean("class C:\n    g = (y async for y in x)");
    assert_clean("def f():\n    return ([await y for y in a] for a in x)");
    assert_clean("lambda: (await y for y in x)");
}

#[test]
fn nested_async_comprehensions_need_311() {
    for text in [
        "async def f():\n    return [[await y for y in a] for a in x]",
        "async def f():\n    return [[y async for y in a] for a in x]",
        "async def f():\n    return [{y: await y for y in a} for a in x]",
        "async def f():\n    return ([await y for y in a] for a in x)",
    ] {
        assert_clean(text);
        let old = messages_for(text, PythonVersion::PY310);
        assert_eq!(old, [super::semantic::NESTED_COMPREHENSION], "{text}");
    }
    for text in [
        "async def f():\n    return [[await y for y in a] async for a in x]",
        "async def f():\n    return [g(await a, [await y for y in a]) for a in x]",
        "async def f():\n    return [(await y for y in a) for a in x]",
        "async def f():\n    return [b for b in [await y for y in x]]",
    ] {
        assert_eq!(messages_for(text, PythonVersion::PY38), [""; 0], "{text}");
    }
}

#[test]
fn async_generators_return_nothing() {
    assert_each(
        super::semantic::RETURN_VALUE,
        &[
            "async def f():\n    yield\n    return 1",
            "async def f():\n    return 1\n    x = yield",
            "async def f():\n    def g(a=(yield)): pass\n    return 1",
            "async def f():\n    @(yield)\n    def g(): pass\n    return 1",
            "async def f():\n    class C((yield)): pass\n    return 1",
            "async def f():\n    lambda a=(yield): a\n    return 1",
            "async def f():\n    [y for y in (yield)]\n    return 1",
        ],
    );
    assert_eq!(
        messages("async def f():\n    yield\n    if x: return 1\n    return 2").len(),
        2
    );
    assert_clean("async def f():\n    yield\n    return");
    assert_clean("async def f():\n    def g():\n        yield\n        return 1\n    return 1");
    assert_clean("async def f():\n    lambda: (yield)\n    return 1");
}

#[test]
fn yield_from_needs_a_plain_function() {
    let text = "async def f():\n    yield from x";
    assert_eq!(messages(text).len(), 1);
    assert!(
        messages(text)[0].contains("yield from"),
        "{:?}",
        messages(text)
    );
    assert_clean("async def f():\n    lambda: (yield from x)\n    def g():\n        yield from x");
}

#[test]
fn statements_outside_their_function_or_loop() {
    for text in [
        "return 1",
        "class C:\n    return 1",
        "yield 1",
        "def f():\n    return [(yield y) for y in x]",
        "break",
        "for y in x: pass\nelse: break",
        "while x:\n    def f():\n        continue",
    ] {
        assert_eq!(messages(text).len(), 1, "{text}: {:?}", messages(text));
    }
    assert_clean("for y in x:\n    try:\n        continue\n    finally:\n        break");
    assert_clean("async def f():\n    async for y in x:\n        async with y:\n            break");
}

#[test]
fn names_that_clash() {
    for text in [
        "def f(a, a): pass",
        "f(a=1, a=2)",
        "def f(a):\n    global a",
        "def f():\n    a = 1\n    global a",
        "def f():\n    from a import *",
        "import a\nfrom __future__ import annotations",
        "nonlocal a",
    ] {
        assert_eq!(messages(text).len(), 1, "{text}: {:?}", messages(text));
    }
    assert_clean("a = 1\ndef f():\n    global a\n    a = 2\ndef g():\n    a = 3");
}

#[test]
fn annotations_are_lazy_where_they_are() {
    let text = "async def f():\n    def g(a: (await x)): pass";
    assert_clean(text);
    assert!(!messages_for(text, PythonVersion::PY314).is_empty());
    assert!(!messages(&format!("from __future__ import annotations\n{text}")).is_empty());
}

#[test]
fn the_limits_of_the_tokenizer() {
    let nested = |levels: usize| {
        let mut text = String::new();
        for level in 0..levels {
            text.push_str(&format!("{}if x:\n", " ".repeat(level)));
        }
        text + &format!("{}pass\n", " ".repeat(levels))
    };
    assert_clean(&nested(99));
    assert_each("too many levels of indentation", &[&nested(100)]);
    let brackets = |depth: usize| format!("{}x{}", "(".repeat(depth), ")".repeat(depth));
    assert_clean(&brackets(200));
    assert_each("too many nested parentheses", &[&brackets(201)]);
}

#[test]
fn old_problems_are_not_new() {
    let new = |before, after| new_problems(before, after, PythonVersion::PY311);
    assert_eq!(new("await x\n", "import a\n\nawait x\n"), []);
    assert_eq!(new("await x\n", "await y(x)\n"), []);
    assert_eq!(new("x = = 1\n", "\n\nx = = 1\n"), []);
    assert_eq!(new("def f(): pass\n", "async def f(): pass\n"), []);
}

#[test]
fn the_new_one_among_old_ones_is_found() {
    let after = "await y\nawait x\n";
    let problems = new_problems("await x\n", after, PythonVersion::PY311);
    assert_eq!(problems.len(), 1);
    assert_eq!(&after[problems[0].range], "await y");
    let problems = new_problems("await x\n", "await x\nreturn 1\n", PythonVersion::PY311);
    assert_eq!(problems.len(), 1);
    assert!(problems[0].message.contains("return"), "{problems:?}");
}
