//! Deep nesting: 20,000 levels are handled, deeper code is left alone with a reason, and no stack overflows.

use std::ops::Range;

use crate::support::{BEFORE, Project};

/// A kind of nesting: its name, and a text of so many levels.
type Kind = (&'static str, fn(usize) -> String);

/// Each is one level of expressions per step.
const NESTED: &[Kind] = &[
    ("calls", |n| around("f(", "1", ")", n)),
    ("methods", |n| format!("x = a{}\n", ".b()".repeat(n / 2))),
    ("attributes", |n| around("", "a", ".b", n)),
    ("subscripts", |n| around("", "a", "[0]", n)),
    ("sums", |n| around("a + ", "a", "", n)),
    ("strings", |n| around("'a' + ", "'a'", "", n)),
    ("powers", |n| around("a ** ", "a", "", n)),
    ("lists", |n| around("[", "", "]", n)),
    ("dicts", |n| around("{1: ", "1", "}", n)),
    ("walruses", |n| around("(a := ", "1", ")", n)),
    ("not", |n| around("not ", "a", "", n)),
    ("minus", |n| around("-", "1", "", n)),
    ("ternaries", |n| around("a if b else ", "c", "", n)),
    ("lambdas", |n| around("lambda: ", "1", "", n)),
    ("annotations", |n| {
        format!("x: {}a{} = 1\n", "a[".repeat(n), "]".repeat(n))
    }),
    ("yields", |n| {
        format!(
            "def f():\n    x = {}{}\n",
            "(yield ".repeat(n),
            ")".repeat(n)
        )
    }),
    ("patterns", |n| {
        format!(
            "match x:\n    case {}{}:\n        pass\n",
            "[".repeat(n),
            "]".repeat(n)
        )
    }),
];

/// Parentheses make no level of their own.
const PARENTHESES: Kind = ("parentheses", |n| around("(", "1", ")", n));

/// Long, but flat.
const FLAT: &[Kind] = &[
    ("elif", |n| {
        format!("if a:\n    pass\n{}", "elif a:\n    pass\n".repeat(n))
    }),
    ("adjacent strings", |n| around("'a' ", "'a'", "", n)),
    ("and", |n| around("a and ", "a", "", n)),
    ("comparisons", |n| around("a < ", "a", "", n)),
    ("targets", |n| format!("{}1\n", "a = ".repeat(n))),
    ("dots", |n| format!("from {} import x\n", ".".repeat(n))),
];

fn around(before: &str, middle: &str, after: &str, n: usize) -> String {
    format!("x = {}{middle}{}\n", before.repeat(n), after.repeat(n))
}

/// Indented blocks: a text of n levels holds n² / 2 blanks.
fn blocks(head: &str, n: Range<usize>) -> String {
    let end = n.end;
    let heads: String = n
        .map(|level| format!("{}{head}:\n", " ".repeat(level)))
        .collect();
    format!("{heads}{}pass\n", " ".repeat(end))
}

fn write(project: &Project, kinds: &[Kind], levels: usize) {
    for (name, text) in kinds {
        project.write(format!("{name}.py"), format!("{BEFORE}{}", text(levels)));
    }
}

/// Runs `diff` in little memory, and checks which files change.
#[track_caller]
fn check(project: &Project, files: usize, handled: bool, args: &str) {
    let ran = project.run_within(4_000, &format!("diff {args}"));
    let ran = ran.exits(i32::from(handled));
    let migrated = ran
        .text()
        .matches("\n+    await asyncio.sleep(1)\n")
        .count();
    assert_eq!(migrated, if handled { files } else { 0 }, "{ran}");
    let skipped = ran
        .err
        .matches("nested more than 20000 levels deep")
        .count();
    assert_eq!(skipped, if handled { 0 } else { files }, "{ran}");
    assert_eq!(
        ran.err.matches("help: split the expression").count(),
        skipped,
        "{ran}"
    );
}

#[test]
fn up_to_20_000_levels_are_handled() {
    for levels in [5_000, 19_990] {
        let project = Project::new();
        write(&project, NESTED, levels);
        write(&project, &[PARENTHESES], levels);
        write(&project, FLAT, levels);
        check(&project, NESTED.len() + 1 + FLAT.len(), true, "-j 4");
    }
}

#[test]
fn deeper_code_is_left_alone() {
    for levels in [20_010, 200_000] {
        let project = Project::new();
        write(&project, NESTED, levels);
        check(&project, NESTED.len(), false, "-j 4");
    }
    let project = Project::new();
    write(&project, &[PARENTHESES], 200_000);
    check(&project, 1, false, "-j 1");
}

#[test]
fn a_million_levels_take_no_memory() {
    let project = Project::new();
    write(&project, NESTED, 1_000_000);
    write(&project, &[PARENTHESES], 1_000_000);
    check(&project, NESTED.len() + 1, false, "-j 4");
}

#[test]
fn long_flat_code_is_not_deep() {
    let project = Project::new();
    write(&project, FLAT, 200_000);
    check(&project, FLAT.len(), true, "-j 1");
}

#[test]
fn blocks_and_f_strings() {
    let project = Project::new();
    // CPython allows a hundred.
    for (name, head) in [
        ("if", "if a"),
        ("def", "def f()"),
        ("class", "class C"),
        ("for", "for x in y"),
        ("with", "with x"),
    ] {
        for levels in [99, 2_000] {
            project.write(
                format!("{name}{levels}.py"),
                format!("{BEFORE}{}", blocks(head, 0..levels)),
            );
        }
    }
    project.write(
        "f.py",
        format!(
            "{BEFORE}x = {}1{}\n",
            "f\"{".repeat(3_000),
            "}\"".repeat(3_000)
        ),
    );
    project.write(
        "g.py",
        format!(
            "{BEFORE}x = {}\n",
            "[a for a in ".repeat(2_000) + "b" + &"]".repeat(2_000)
        ),
    );
    check(&project, 12, true, "-j 4 --target-version 3.14");
}

#[test]
fn deep_code_that_is_broken() {
    let project = Project::new();
    for (name, levels) in [
        ("a", 5_000),
        ("b", 19_990),
        ("c", 200_000),
        ("d", 1_000_000),
    ] {
        project.write(
            format!("{name}1.py"),
            format!("{BEFORE}x = {}\n", "f(".repeat(levels)),
        );
        project.write(
            format!("{name}2.py"),
            format!("{BEFORE}x = {}\n", "[\n".repeat(levels)),
        );
        project.write(
            format!("{name}3.py"),
            format!(
                "{BEFORE}x = {}1{}\n",
                "(".repeat(levels),
                "]".repeat(levels)
            ),
        );
        project.write(
            format!("{name}4.py"),
            format!("{BEFORE}x = {} $\n", "not ".repeat(levels)),
        );
        project.write(
            format!("{name}5.py"),
            format!("{BEFORE}x = {} \n", "a + ".repeat(levels)),
        );
        project.write(
            format!("{name}6.py"),
            format!("{BEFORE}x = a{}.\n", ".b()".repeat(levels)),
        );
        project.write(
            format!("{name}7.py"),
            format!("{BEFORE}x = {}\n", "f'{".repeat(levels.min(5_000))),
        );
        project.write(
            format!("{name}8.py"),
            format!("{BEFORE}{}", "def f(".repeat(levels)),
        );
        project.write(
            format!("{name}9.py"),
            format!("{BEFORE}x = {}\n", "*".repeat(levels)),
        );
    }
    let ran = project
        .run_within(4_000, "diff -j 4")
        .exits(0)
        .prints_nothing();
    assert_eq!(ran.err.matches("warning:").count(), 36, "{ran}");
}

#[test]
fn modules_that_are_only_looked_up_may_be_deep_too() {
    // Names of the deep module are asked for, so that it is loaded for the index.
    for levels in [19_990, 1_000_000] {
        let project = Project::with(&[(
            "a.py",
            "import time\nimport asyncio\nfrom deep import f\n\n\nasync def main():\n    time.sleep(1)\n    f()\n    asyncio.run(f())\n",
        )]);
        project.write(
            "deep.py",
            format!(
                "def f():\n    return {}1{}\n",
                "[".repeat(levels),
                "]".repeat(levels)
            ),
        );
        project.run_within(4_000, "diff -j 2").exits(1);
    }
}
