//! Functions that the settings keep sync.

use awaitify::config::{Config, KeepSync, PublicApi, Scope};

use crate::{AWAITS, run_with};

fn keep(names: &[&str]) -> Vec<KeepSync> {
    names
        .iter()
        .map(|name| KeepSync {
            name: (*name).to_string(),
            place: Some(("awaitify.toml".to_string(), 1)),
        })
        .collect()
}

#[test]
fn keep_sync_names_functions() {
    let work = "\
import lib


class Client:
    def close(self):
        return lib.block(1)

    def fetch(self):
        return lib.block(2)

    class Inner:
        def ask(self):
            return lib.block(3)


class Cached(Client):
    def close(self):
        return 1


def load(client: Client):
    return client.fetch()


def leave(client: Client):
    return helper() + client.close()


def helper():
    return lib.block(4)


def outer():
    def inner():
        return lib.block(5)

    return 1


def twice(fn):
    def wrapper(*args):
        return fn(*args) + fn(*args)

    return wrapper


@twice
def decorated():
    return lib.block(6)
";
    let config = Config {
        scope: Scope::Project,
        keep_sync: keep(&[
            "Client.cl*",
            "work:outer",
            "work.twice",
            "work:lod",
            "*.nothing",
        ]),
        ..Config::default()
    };
    run_with(
        config,
        "unchanged_keep_sync",
        &[&AWAITS],
        &[("work.py", work)],
    );
}

#[test]
fn public_names_of_a_library_are_kept() {
    let impl_ = "\
import lib


class _Base:
    def inherited(self):
        return lib.block(1)

    def _own(self):
        return lib.block(2)


class Client(_Base):
    def ask(self):
        return lib.block(3)


class _Hidden:
    def hidden(self):
        return lib.block(4)


class _Connection:
    def commit(self):
        return lib.block(5)


connection = _Connection()


def fetch():
    return lib.block(6)


def internal():
    return lib.block(7)


def _renamed():
    return lib.block(8)
";
    let starred = "\
import lib

__all__ = ['one']
__all__ += ['_two']


def one():
    return lib.block(1)


def _two():
    return lib.block(2)


def three():
    return lib.block(3)
";
    let api = "\
import lib

from ._impl import _renamed, connection as connection, internal

renamed = _renamed


def outer():
    def inner():
        return lib.block(1)

    return inner()


def _private():
    return lib.block(2)


named = lambda: lib.block(4)


def main():
    return lib.block(3)


if __name__ == '__main__':
    main()
";
    let plain = "import lib\n\n\ndef go():\n    return lib.block(1)\n";
    let files = [
        (
            "pkg/__init__.py",
            "from ._impl import Client, fetch\nfrom ._starred import *\n",
        ),
        ("pkg/__main__.py", plain),
        ("pkg/_impl.py", impl_),
        ("pkg/_starred.py", starred),
        ("pkg/api.py", api),
        (
            "pkg/tests/test_api.py",
            "import lib\n\n\ndef helper():\n    return lib.block(1)\n\n\nasync def use():\n    return helper()\n",
        ),
        ("examples/demo.py", plain),
        (
            "script.py",
            "import lib\n\n\ndef go():\n    return lib.block(1)\n\n\ngo()\n",
        ),
        ("single.py", plain),
    ];
    for (public_api, name) in [
        (PublicApi::Keep, "unchanged_public_api"),
        (PublicApi::Change, "public_api_changes"),
    ] {
        let config = Config {
            scope: Scope::Project,
            public_api,
            ..Config::default()
        };
        run_with(config, name, &[&AWAITS], &files);
    }
}
