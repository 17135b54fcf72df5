//! Scripts without imports: where `import asyncio` and the function round their statements stand.

use crate::support::Project;

/// What becomes of a script.
fn migrated(text: &str) -> String {
    let project = Project::new();
    project.write("script.py", text.as_bytes());
    project
        .run("apply --seed all --unsafe --target-version 3.12")
        .exits(0);
    String::from_utf8_lossy(&project.read("script.py")).into_owned()
}

const BODY: &str = "async def main():\n    name = await asyncio.to_thread(input)\n    print(name)\n\n\nasyncio.run(main())\n";

#[test]
fn the_first_statement_of_a_script_may_be_awaited() {
    let script = "name = input()\nprint(name)\n";
    for head in [
        "",
        "# A comment.\n\n",
        "\"\"\"Doc.\"\"\"\n\n",
        "\"\"\"Doc.\"\"\"\n\n# Copyright.\n\n",
        "\"\"\"Doc.\"\"\"\n# Copyright.\n\n",
        "#!/usr/bin/env python3\n\"\"\"Doc.\"\"\"\n\n\n",
    ] {
        let start = head.trim_end();
        let gap = if start.is_empty() { "" } else { "\n\n" };
        assert_eq!(
            migrated(&format!("{head}{script}")),
            format!("{start}{gap}import asyncio\n\n\n{BODY}"),
            "{head:?}"
        );
    }
    assert_eq!(
        migrated(&format!("\"\"\"Doc.\"\"\"\n{script}")),
        format!("\"\"\"Doc.\"\"\"\n\nimport asyncio\n\n\n{BODY}")
    );
}
