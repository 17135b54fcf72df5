use super::Module;
use crate::pipeline;
use crate::python::PythonVersion;
use crate::semantic::ModuleName;

#[track_caller]
fn module(text: &str) -> Module {
    let parsed = pipeline::parse(text, PythonVersion::PY314).expect("is valid");
    let name = ModuleName {
        name: "pkg.mod".to_string(),
        is_package: false,
    };
    Module::new(parsed.syntax(), &name)
}

#[test]
fn what_a_module_offers() {
    for (text, is_package, expected) in [
        (
            "def a(): ...\ndef _b(): ...\nclass C:\n    def m(self): ...\n",
            false,
            "C a",
        ),
        (
            "from x import a, b as b, c as d\nimport e, f as f\n",
            false,
            "b f",
        ),
        (
            "from x import a, b as b, c as d\nimport e\n",
            true,
            "a b d e",
        ),
        (
            "match x:\n    case 1:\n        a = lambda: 1\nfor y in z:\n    def b(): ...\n",
            false,
            "a b",
        ),
        ("from x import *\n", false, ""),
        ("from x import *\n", true, "*"),
        (
            "__all__ = ['a', '_b']\ndef a(): ...\ndef c(): ...\n",
            false,
            "_b a",
        ),
        (
            "__all__: list[str] = []\n__all__.append('a')\n__all__.extend(('b',))\ndef c(): ...\n",
            false,
            "a b",
        ),
        (
            "__all__ = ('a',)\n__all__ += x.__all__\ndef c(): ...\n",
            false,
            "a c",
        ),
        (
            "__all__ = ['a'] + x.__all__\nfrom x import *\ndef c(): ...\n",
            false,
            "* a c",
        ),
        (
            "__all__ = ['a']\n__all__.remove('b')\ndef c(): ...\n",
            false,
            "a c",
        ),
        ("__all__ = ['a']\n__all__ = ['b']\n", false, "b"),
        (
            "try:\n    import a as a\nexcept ImportError:\n    def a(): ...\nelse:\n    b = 1\nif x:\n    c = d.e()\n",
            false,
            "a b c",
        ),
    ] {
        assert_eq!(
            module(text).offered(is_package).join(" "),
            expected,
            "{text}"
        );
    }
}

#[test]
fn programs() {
    for (text, expected) in [
        ("def go(): ...\ngo()\n", true),
        (
            "def go(): ...\nif __name__ == '__main__':\n    go()\n",
            true,
        ),
        ("def go(): ...\nregister(go)\nx = go()\n", false),
    ] {
        assert_eq!(module(text).is_program, expected, "{text}");
    }
}
