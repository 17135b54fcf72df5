//! Functions that tools call by their names: what a file is for says so, and no call is in sight.
//!
//! Sources: the manuals of Sphinx (`setup(app)` of conf.py and of extensions), doit (`task_x` of dodo.py), PyTorch Hub
//! (hubconf.py), Fabric (fabfile.py), waf (wscript), SCons and Gunicorn (`on_starting` ... of gunicorn.conf.py); PEP 517 and
//! PEP 660 for the hooks of build backends.

use crate::callgraph::Function;
use crate::config::BUILD_HOOKS;

/// The files whose functions their tools call.
const FILES: &[&str] = &[
    "SConstruct",
    "conf",
    "dodo",
    "fabfile",
    "hubconf",
    "wscript",
];

/// Directories of tests.
const TESTS: &[&str] = &["test", "tests"];

/// Whether a tool calls a function of a file of this name, where nothing else does.
pub(super) fn calls(file: &str, function: &Function) -> bool {
    if function.class.is_some() || function.outer.is_some() || function.is_lambda {
        return false;
    }
    let name = file.rsplit('/').next().unwrap_or(file);
    let stem = name.strip_suffix(".py").unwrap_or(name);
    let is_extension =
        function.name == "setup" && matches!(&*function.parameters, [app] if app.name == "app");
    FILES.contains(&stem) || stem.ends_with(".conf") || is_extension
}

/// Whether a function is a hook of a build backend, which frontends call in a process of their own, whoever else calls it.
pub(super) fn is_build_hook(function: &Function) -> bool {
    function.class.is_none()
        && function.outer.is_none()
        && BUILD_HOOKS.contains(&function.name.as_str())
}

/// Whether a plugin of pytest may collect a function as a test, which has no name of one: it stands among the tests, and
/// nothing else calls it or takes it as a value.
pub(super) fn may_collect(file: &str, function: &Function) -> bool {
    let is_among_tests = file
        .rsplit_once('/')
        .is_some_and(|(folders, _)| folders.split('/').any(|part| TESTS.contains(&part)));
    is_among_tests
        && function.outer.is_none()
        && !function.is_lambda
        && !function.is_property
        && !function.name.starts_with("__")
        && function.decorators.is_empty()
}
