//! What a file declares, in markdown: the README of a codemod that has none.

use std::fmt::Write as _;

use super::{Colour, Declared, Life, Transaction, Type};

// Writing to a String cannot fail: the results are dropped in this file.

/// The description of a file.
pub fn describe(name: &str, summary: &str, declared: &Declared) -> String {
    let mut text = format!("# {name}\n\n{summary}\n");
    for type_ in declared.types.iter().filter(|type_| !type_.name.is_empty()) {
        describe_type(&mut text, declared, type_);
    }
    if !declared.functions.is_empty() {
        text.push_str("\n## Functions\n\n");
        for function in &declared.functions {
            let how = match function.member.colour {
                Colour::Awaited => "awaited",
                _ => "called as before",
            };
            let names = function.sync.join("`, `");
            let twin = match &function.method {
                Some(method) => format!("`.{method}()` of its first argument"),
                None => format!("`{}`", function.twin.path),
            };
            let _ = writeln!(text, "- `{names}` -> {twin}, {how}");
        }
    }
    if !declared.exceptions.is_empty() {
        text.push_str("\n## Exceptions that move\n\n");
        for (old, new) in &declared.exceptions {
            let _ = writeln!(text, "- `{old}` -> `{}`", new.path);
        }
    }
    if !declared.caught.is_empty() {
        text.push_str("\n## Attributes of those exceptions\n\n");
        for (old, new) in &declared.caught {
            let _ = writeln!(text, "- `{old}` -> `{new}`");
        }
    }
    if !declared.caught_with.is_empty() {
        text.push_str("\n## Exceptions that are caught with others\n\n");
        for (one, others) in &declared.caught_with {
            let _ = writeln!(text, "- `{one}` with `{}`", others.join("` or `"));
        }
    }
    if !declared.refused.is_empty() {
        text.push_str("\n## Without a twin\n\n");
        for (path, why) in &declared.refused {
            let _ = writeln!(text, "- `{path}`: {why}");
        }
    }
    text
}

fn describe_type(text: &mut String, declared: &Declared, type_: &Type) {
    let _ = write!(text, "\n## {}\n\n", type_.name);
    let names = type_.sync.join("`, `");
    let _ = match &type_.twin {
        Some(twin) => writeln!(text, "`{names}` -> `{}`", twin.path),
        None => writeln!(text, "`{names}`: values that other members give"),
    };
    let mut uses = Vec::new();
    if type_.with && type_.transaction.is_none() {
        uses.push("`with` becomes `async with`");
    }
    match type_.transaction {
        None => {}
        Some(Transaction::Closes) => uses.push(
            "`with` commits or rolls back, and a block of the twin closes it: a helper function does the first",
        ),
        Some(Transaction::Commits) => uses.push(
            "`with` commits or rolls back, and a block of the twin closes it as well: a helper function does the first, where the value is not new",
        ),
    }
    if type_.iterated {
        uses.push("`for` becomes `async for`");
    }
    if let Some(all) = &type_.all {
        let _ = writeln!(text, "\n`for` iterates what an awaited `{all}()` gives.");
    }
    match type_.life {
        Life::Free => {}
        Life::Close => uses.push("it is closed, or its statements move into an `async with` block"),
        Life::End => uses.push("it is closed, or stays as it is"),
        Life::Enter => uses.push("its statements are in an `async with` block, or move into one"),
    }
    if !uses.is_empty() {
        let _ = writeln!(text, "\n{}.", uses.join("; "));
    }
    let members = type_.members();
    let list = |wanted: &dyn Fn(&super::Member) -> bool| {
        let names: Vec<String> = members
            .iter()
            .filter(|(_, member)| wanted(member))
            .map(|(name, _)| format!("`{name}`"))
            .collect();
        names.join(", ")
    };
    let named =
        |gives: Option<usize>| gives.filter(|&gives| !declared.types[gives].name.is_empty());
    let is_stream = |member: &super::Member, with: bool| {
        member.gives.is_some_and(|gives| {
            let given = &declared.types[gives];
            given.name.is_empty() && given.with == with
        })
    };
    let awaited = list(&|member| member.colour == Colour::Awaited && !member.is_pages);
    let same = list(&|member| {
        member.colour == Colour::Same && !is_stream(member, true) && !is_stream(member, false)
    });
    for (what, names) in [
        ("Awaited", awaited),
        (
            "Awaited, or iterated with `async for`",
            list(&|member| member.is_pages),
        ),
        ("As before", same),
        (
            "Iterated with `async for`",
            list(&|member| is_stream(member, false)),
        ),
        (
            "Entered with `async with`",
            list(&|member| is_stream(member, true)),
        ),
    ] {
        if !names.is_empty() {
            let _ = writeln!(text, "\n{what}: {names}.");
        }
    }
    let mut notes = Vec::new();
    for (name, member) in &members {
        if let Some(new) = &member.rename {
            notes.push(format!("`{name}` becomes `{new}`"));
        }
        if let Some(gives) = named(member.gives) {
            notes.push(format!("`{name}` gives a `{}`", declared.types[gives].name));
        }
        if let Some(when) = &member.when {
            let given = &declared.types[when.gives].name;
            let value = if when.is_given { "..." } else { "True" };
            notes.push(format!(
                "`{name}({}={value})` gives a `{given}`",
                when.argument
            ));
        }
        if let Some(note) = &member.note {
            notes.push(format!("`{name}` needs `--unsafe`: {note}"));
        }
        match (&member.result, &member.pick) {
            (Some(why), None) => {
                notes.push(format!("the result of `{name}` may not be used: {why}"));
            }
            (why, Some(part)) => {
                let why = why
                    .as_ref()
                    .map(|why| format!("; it needs `--unsafe`: {why}"));
                let why = why.unwrap_or_default();
                notes.push(format!(
                    "where the result of `{name}` is used, `{part}` of it is taken{why}"
                ));
            }
            (None, None) => {}
        }
        if let Colour::Refused(why) = &member.colour {
            notes.push(format!("`{name}` is left: {why}"));
        }
    }
    if !notes.is_empty() {
        let _ = writeln!(text);
    }
    let mut set: Vec<(&String, &String)> = type_.set.iter().collect();
    set.sort();
    for (name, method) in set {
        notes.push(format!("`{name} = x` becomes an awaited `{method}(x)`"));
    }
    let mut fixed: Vec<(&String, &String)> = type_.fixed.iter().collect();
    fixed.sort();
    for (name, why) in fixed {
        notes.push(format!("`{name} = x` is left: {why}"));
    }
    let mut negated: Vec<(&String, &String)> = type_.negate.iter().collect();
    negated.sort();
    for (name, other) in negated {
        notes.push(format!("`{name}` becomes `not` and `{other}`"));
    }
    if let Some(method) = &type_.start {
        notes.push(format!("`await value.{method}()` follows what makes it"));
    }
    if let Some(index) = &type_.index {
        notes.push(format!(
            "`value[2]` becomes the item of an awaited `value{}`",
            index.replace("{}", "2")
        ));
    }
    for note in notes {
        let _ = writeln!(text, "- {note}");
    }
}
