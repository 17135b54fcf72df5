//! The setting `file-io` over several functions: what works on a file in a sync helper goes to a thread with it.

use awaitify::codemods::open_to_aiofiles;
use awaitify::config::{Config, FileIo, Scope};
use awaitify::python::PythonVersion;

use crate::run_with;

#[test]
fn a_helper_that_works_on_files_goes_to_a_thread() {
    let work = "\
import json


def load(path):
    with open(path) as f:
        return json.load(f)


def both(first, second):
    return load(first), load(second)


async def main(path):
    data = load(path)
    return data, both(path, path)
";
    run_with(
        Config {
            scope: Scope::Project,
            target_version: PythonVersion::PY311,
            file_io: FileIo::Thread,
            ..Config::default()
        },
        "files_in_threads",
        &[&open_to_aiofiles::CODEMOD],
        &[("work.py", work)],
    );
}
