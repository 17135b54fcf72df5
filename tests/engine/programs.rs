//! What blocks at module level: it moves where a program begins, and stays elsewhere.

use awaitify::codemods::time_sleep_to_asyncio;
use awaitify::config::Scope;
use awaitify::python::PythonVersion;

use crate::{AWAITS, run_in};

/// What stands at module level is awaited where a program begins: in a main guard, and at the end of a script.
#[test]
fn what_a_script_does_moves_into_one_function() {
    let files = [
        (
            "script.py",
            "\"\"\"Asks.\"\"\"\nimport sys\nimport lib\n\nNAME = \"n\"\n\n# Ask twice.\nfirst = lib.block(NAME)  # once\nfor x in lib.block(2), 3:\n    print([lib.block(y) for y in x])\nsys.exit(first)\n",
        ),
        (
            "shared.py",
            "import lib\n\nlimit = 0\n\n\ndef show():\n    print(limit)\n\n\nlimit = lib.block(1)\nshow()\n",
        ),
        (
            "guard.py",
            "import lib\n\n\ndef work():\n    return lib.block(1)\n\n\nif __name__ == \"__main__\":\n    with open(\"x\") as f:\n        print(work(), lib.block(f))\n",
        ),
        (
            "only_guard.py",
            "import lib\n\nif __name__ == \"__main__\":\n    lib.block(1)\n",
        ),
        (
            "both.py",
            "import lib\n\nlib.block(1)\nif __name__ == \"__main__\":\n    # Once more.\n    lib.block(2)\n",
        ),
        (
            "one_line.py",
            "import lib\n\nif __name__ == \"__main__\": lib.block(1)  # once\n",
        ),
        (
            "called.py",
            "import lib\n\n\ndef work():\n    return lib.block(1)\n\n\nlib.block(0)\nwork()\n",
        ),
    ];
    run_in(
        Scope::Project,
        "scripts",
        &[&AWAITS],
        &files,
        PythonVersion::PY311,
    );
}

#[test]
fn what_is_no_program_stays_at_module_level() {
    let files = [
        (
            "blocks.py",
            "import time\nimport lib\n\nlib.block(1)\ntime.sleep(-1)\n",
        ),
        ("imported.py", "import lib\n\nvalue = lib.block(1)\n"),
        ("importer.py", "import imported\n"),
        ("conftest.py", "import lib\n\nvalue = lib.block(1)\n"),
        ("test_it.py", "import lib\n\nvalue = lib.block(1)\n"),
        (
            "constant.py",
            "import lib\n\nvalue = lib.block(1)\n\n\ndef f():\n    return value\n",
        ),
        ("annotated.py", "import lib\n\nvalue: int = lib.block(1)\n"),
        (
            "default.py",
            "import lib\n\n\ndef f(x=lib.block(1)):\n    return x\n",
        ),
        ("names.py", "import lib\n\nprint(globals(), lib.block(1))\n"),
        (
            "guard.py",
            "import lib\n\nif __name__ == \"__main__\":\n    lib.block(1)\nelse:\n    print()\n",
        ),
        (
            "runs.py",
            "import asyncio\nimport lib\n\n\nasync def main():\n    pass\n\n\nlib.block(1)\nasyncio.run(main())\n",
        ),
    ];
    run_in(
        Scope::Project,
        "unchanged_module_level",
        &[&AWAITS, &time_sleep_to_asyncio::CODEMOD],
        &files,
        PythonVersion::PY311,
    );
}
