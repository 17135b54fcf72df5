//! `awaitify::verify` against the compiler itself: both must agree on what compiles.

use std::fs;
use std::process::Command;

use awaitify::python::PythonVersion;
use awaitify::verify;

use super::program;
use super::python;

/// Compiles each string of a JSON list, and prints the list of error messages, empty where there is none.
const COMPILE: &str = "\
import json, sys, warnings
warnings.simplefilter('ignore')
messages = []
for text in json.load(open(sys.argv[1], encoding='utf-8')):
    try:
        compile(text, 'text', 'exec')
        messages.append('')
    except SyntaxError as error:
        messages.append(error.msg)
print(json.dumps(messages))
";

/// Where an expression may stand: in every scope, and in every part that belongs to the scope around.
const PLACES: [&str; 22] = [
    "v = {}\n",
    "class C:\n    v = {}\n",
    "def f():\n    v = {}\n",
    "def f():\n    return {}\n",
    "async def f():\n    v = {}\n",
    "async def f():\n    return {}\n",
    "async def f():\n    yield\n    return {}\n",
    "async def f():\n    v = {}\n    return 1\n",
    "async def f():\n    yield {}\n    return\n",
    "async def f():\n    def g(a={}): pass\n    return 1\n",
    "async def f():\n    @d({})\n    def g(): pass\n    return 1\n",
    "async def f():\n    class C({}): pass\n    return 1\n",
    "async def f():\n    class C:\n        v = {}\n",
    "async def f():\n    def g():\n        return {}\n",
    "async def f():\n    v = lambda a={}: 1\n    return 1\n",
    "async def f():\n    v = lambda: {}\n    return 1\n",
    "async def f():\n    async with {} as w:\n        async for i in {}: pass\n",
    "def f():\n    with {} as w:\n        async with w: pass\n",
    "def f():\n    async for i in {}: pass\n",
    "def f():\n    async def g(a={}):\n        return f'{a}'\n",
    "def f():\n    for i in {}:\n        break\n",
    "async def f():\n    if {}:\n        continue\n",
];

/// What may stand there, and in itself.
const EXPRESSIONS: [&str; 14] = [
    "x",
    "await {}",
    "(yield {})",
    "(yield from {})",
    "(lambda: {})",
    "[{} for y in x]",
    "[y for y in {}]",
    "[y for y in x if {}]",
    "[y for z in x for y in {}]",
    "{{} async for y in x}",
    "{y: {} for y in x}",
    "({} for y in x)",
    "({} async for y in x)",
    "g({}, k=1)",
];

#[test]
fn verify_agrees_with_the_compiler() {
    let python = python::shared().unwrap_or_else(|problem| panic!("{problem}"));
    let mut texts = Vec::new();
    for place in PLACES {
        for outer in EXPRESSIONS {
            for middle in EXPRESSIONS {
                for inner in ["x", "await x", "(yield)", "[z async for z in x]"] {
                    let expression = outer.replacen("{}", &middle.replacen("{}", inner, 1), 1);
                    texts.push(place.replace("{}", &expression));
                }
            }
        }
    }
    texts.sort();
    texts.dedup();

    let folder = tempfile::tempdir().expect("a temporary folder");
    let list = folder.path().join("texts.json");
    fs::write(&list, serde_json::to_string(&texts).expect("JSON")).expect("a writable folder");
    let run = program::finish(
        Command::new(&python.executable)
            .args(["-c", COMPILE])
            .arg(&list),
    );
    let run = run.unwrap_or_else(|problem| panic!("{problem}"));
    let messages: Vec<String> =
        serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{}", run.stderr));
    assert_eq!(messages.len(), texts.len());

    let minor = python.version.1.min(u32::from(PythonVersion::PY314.minor));
    let version = PythonVersion {
        major: 3,
        minor: u8::try_from(minor).expect("a small number"),
    };
    let (mut valid, mut differences) = (0, Vec::new());
    for (text, message) in texts.iter().zip(&messages) {
        let problems = verify::check(text, version);
        valid += usize::from(message.is_empty());
        if problems.is_empty() != message.is_empty() {
            differences.push(format!(
                "{text}    compiler: {message:?}\n    verify: {problems:?}\n"
            ));
        }
    }
    assert!(valid > 100, "only {valid} of {} texts compile", texts.len());
    let count = differences.len();
    differences.truncate(10);
    assert!(
        count == 0,
        "{count} of {} differ\n{}",
        texts.len(),
        differences.join("\n")
    );
}
