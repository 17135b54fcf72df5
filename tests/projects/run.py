#!/usr/bin/env python3
"""Migrates real projects with the real binary, and runs their own tests before and after.

    python3 tests/projects/run.py                          # every project, default and --unsafe
    python3 tests/projects/run.py --mode unsafe tinydb     # one project, one mode
    python3 tests/projects/run.py --group http             # the clients of web APIs
    python3 tests/projects/run.py --self-test              # can the check fail?

See README.md beside this file for what is measured and for the bar. Needs Python 3.11 or newer (venv, pip), and, for
projects that come from a repository, git. Ends with 0 when the bar is met, 1 when it is missed, 2 on an error.
"""
from __future__ import annotations

import argparse
import collections
import concurrent.futures
import dataclasses
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import time
import tomllib
import zipfile
from pathlib import Path

import session_sites

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
# The strict `sitecustomize` of the behaviour cases: programs that tests start end with 1 on a lost coroutine.
STRICT = ROOT / "tests" / "behaviour" / "harness" / "strict"
# Of the projects of a group that count, how many must have their sites taken: this many of that many.
BARS = {"files": (5, 6), "http": (6, 8), "database": (2, 3)}
MODES = {"default": [], "unsafe": ["--unsafe"], "assist": ["--unsafe", "--assist", "5"]}
STRICT_WARNINGS = ["-W", "error::RuntimeWarning", "-W", "error::pytest.PytestUnraisableExceptionWarning"]
# The marker that `--assist` leaves: code that is known to be unfinished.
BLOCKED = "# awaitify: blocked:"
# Per run of a test suite, in seconds: far above what any of them needs.
TEST_TIMEOUT = 900


class Trouble(Exception):
    """An error of the set-up, not a finding: nothing can be said about the project."""


@dataclasses.dataclass
class Project:
    """One entry of projects.toml; the README describes the keys."""

    name: str
    args: list[str]
    why: str
    modules: list[str]
    requirements: list[str]
    sdist: str = ""
    sha256: str = ""
    git: str = ""
    commit: str = ""
    paths: list[str] = dataclasses.field(default_factory=lambda: ["."])
    import_root: str = "."
    tests: list[str] = dataclasses.field(default_factory=lambda: ["tests"])
    pytest: list[str] = dataclasses.field(default_factory=list)
    test_dirs: list[str] = dataclasses.field(default_factory=lambda: ["tests", "test"])
    install: bool = True
    only_modes: list[str] = dataclasses.field(default_factory=list)
    # What the tests find in their environment.
    env: dict[str, str] = dataclasses.field(default_factory=dict)
    # Which bar it counts for: see BARS.
    group: str = "files"
    # The codemods whose sites count; those that drive the migration where none are named.
    codemods: list[str] = dataclasses.field(default_factory=list)
    # Why most of it is refused today. Such a project shows what is missing: its sites are told, and do not count.
    gap: str = ""
    differences: dict[str, str] = dataclasses.field(default_factory=dict)

    def is_test(self, file: str) -> bool:
        """Whether a file (relative to the project) belongs to the tests, by its directory or by pytest's names."""
        path = Path(file)
        named = path.stem.startswith("test_") or path.stem.endswith("_test") or path.stem == "conftest"
        return named or any(part in self.test_dirs for part in path.parts[:-1])

    def is_seed(self, codemod: str) -> bool:
        """Whether the sites of a codemod drive this migration: with `--make-async`, only the functions that it names."""
        if self.codemods:
            return codemod in self.codemods
        return codemod == "make_async" or "--seed" in self.args


@dataclasses.dataclass
class Run:
    """What one project in one mode gave."""

    project: str
    mode: str
    trouble: str = ""
    files: int = 0
    lines: int = 0
    taken: int = 0
    left: int = 0
    taken_in_tests: int = 0
    left_in_tests: int = 0
    recoloured: int = 0
    files_changed: int = 0
    seconds: float = 0.0
    passed_before: int = 0
    passed_after: int = 0
    blocked: int = 0
    diff_again: int = 0
    lost: dict[str, str] = dataclasses.field(default_factory=dict)
    unexplained: list[str] = dataclasses.field(default_factory=list)
    reasons: dict[str, int] = dataclasses.field(default_factory=dict)
    barriers: list[dict] = dataclasses.field(default_factory=list)

    @property
    def sites_percent(self) -> float:
        return 100.0 * self.taken / max(1, self.taken + self.left)

    @property
    def tests_percent(self) -> float:
        return 100.0 * self.passed_after / max(1, self.passed_before)


def run(command: list[str], cwd: Path, log: Path, env: dict[str, str] | None = None, timeout: int = 600) -> int:
    """Runs a command, its output into a log. A program that does not end in time gives 124."""
    with open(log, "w", encoding="utf-8") as out:
        try:
            return subprocess.run(
                command, cwd=cwd, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                env=env, timeout=timeout,
            ).returncode
        except subprocess.TimeoutExpired:
            return 124


def checked(command: list[str], cwd: Path, log: Path, env: dict[str, str] | None = None) -> None:
    """Runs a command that has to succeed."""
    if code := run(command, cwd, log, env):
        tail = log.read_text(encoding="utf-8", errors="replace")[-800:]
        raise Trouble(f"`{' '.join(command[:6])} ...` ended with {code}; see {log}\n{tail}")


# --- the set-up: source and environment ---------------------------------------------------------------------------


def source_of(project: Project, work: Path) -> Path:
    """The unpacked source, made once: a directory that nothing else changes."""
    key = project.sha256 or project.commit
    source = work / "source"
    stamp = work / "source.key"
    if source.is_dir() and stamp.is_file() and stamp.read_text() == key:
        return source
    shutil.rmtree(source, ignore_errors=True)
    if project.git:
        clone = work / "clone"
        shutil.rmtree(clone, ignore_errors=True)
        checked(["git", "clone", "--quiet", "--no-checkout", project.git, str(clone)], work, work / "clone.log")
        checked(["git", "checkout", "--quiet", project.commit], clone, work / "checkout.log")
        shutil.rmtree(clone / ".git")
        clone.rename(source)
    else:
        unpack(download(project, work), source)
    stamp.write_text(key)
    return source


def download(project: Project, work: Path) -> Path:
    """Fetches the sdist with pip, so that pip's settings (index, proxy) hold, and compares its hash."""
    folder = work / "sdist"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    listed = work / "sdist.txt"
    listed.write_text(f"{project.sdist} --hash=sha256:{project.sha256}\n")
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:"]
    checked([*pip, "--require-hashes", "-r", str(listed), "-d", str(folder)], work, work / "download.log")
    found = [file for file in folder.iterdir() if file.name.endswith((".tar.gz", ".zip"))]
    if len(found) != 1:
        raise Trouble(f"pip downloaded {[file.name for file in found]}, not one sdist")
    digest = hashlib.sha256(found[0].read_bytes()).hexdigest()
    if digest != project.sha256:
        raise Trouble(f"{found[0].name} has the hash {digest}")
    return found[0]


def unpack(archive: Path, source: Path) -> None:
    """Unpacks an sdist, whose content is one folder, into `source`."""
    into = source.with_name("unpacking")
    shutil.rmtree(into, ignore_errors=True)
    if archive.suffix == ".zip":
        with zipfile.ZipFile(archive) as file:
            file.extractall(into)
    else:
        with tarfile.open(archive) as file:
            file.extractall(into, filter="data")
    folders = list(into.iterdir())
    if len(folders) != 1:
        raise Trouble(f"{archive.name} holds {len(folders)} folders")
    folders[0].rename(source)
    into.rmdir()


def environment(project: Project, source: Path, work: Path, common: list[str]) -> Path:
    """The project's own virtual environment, made again only when what it holds changes. Returns its Python."""
    venv = work / "venv"
    python = venv / "bin" / "python"
    wanted = "\n".join([sys.version, *common, *project.requirements, project.sha256, project.commit]) + "\n"
    stamp = work / "venv.lock"
    if python.is_file() and stamp.is_file() and stamp.read_text() == wanted:
        return python
    shutil.rmtree(venv, ignore_errors=True)
    checked([sys.executable, "-m", "venv", str(venv)], work, work / "venv.log")
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    checked([*pip, *common, *project.requirements], work, work / "requirements.log")
    if project.install:
        # For its metadata and console scripts. The code that the tests import comes from the copy: see `test`.
        env = dict(os.environ)
        # A project that takes its version from git has none here.
        env["SETUPTOOLS_SCM_PRETEND_VERSION"] = "0.0"
        checked([*pip, str(source)], work, work / "install.log", env)
    stamp.write_text(wanted)
    return python


# --- tests ----------------------------------------------------------------------------------------------------------


def test(project: Project, copy: Path, python: Path, log: Path, strict: bool) -> dict:
    """Runs the project's tests on a copy. The result is the probe's JSON."""
    report = log.with_suffix(".json")
    report.unlink(missing_ok=True)
    root = copy / project.import_root
    env = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "PYTEST", "AWAITIFY"))}
    env["PYTHONPATH"] = os.pathsep.join(
        [str(root), str(copy), str(HERE / "harness"), *([str(STRICT)] if strict else [])]
    )
    env["PATH"] = f"{python.parent}{os.pathsep}{env.get('PATH', '')}"
    env["PYTHONDONTWRITEBYTECODE"] = "1"
    env["PYTHONHASHSEED"] = "0"
    env.update(project.env)
    if project.group == "http":
        env["AWAITIFY_PROBE_OFFLINE"] = "1"
    if strict:
        # For programs that the tests start: pytest's own options do not reach them.
        env["PYTHONWARNINGS"] = "error::RuntimeWarning"
    env["AWAITIFY_PROBE"] = str(report)
    env["AWAITIFY_PROBE_MODULES"] = ",".join(project.modules)
    command = [
        str(python), "-m", "pytest", "-o", "addopts=", "-p", "no:cacheprovider", "-p", "awaitify_probe",
        "-o", "asyncio_default_fixture_loop_scope=function", "--rootdir", str(copy), "-q", "-ra",
        *(STRICT_WARNINGS if strict else []), *project.pytest, *project.tests,
    ]
    code = run(command, copy, log, env, TEST_TIMEOUT)
    if not report.is_file():
        raise Trouble(f"pytest ended with {code} and without a report; see {log}")
    result = json.loads(report.read_text(encoding="utf-8"))
    # What goes wrong after the last test (a coroutine lost at exit) changes the code of the process only.
    result["ended"] = code
    for name, file in result["modules"].items():
        if file is None or not Path(file).resolve().is_relative_to(copy.resolve()):
            raise Trouble(f"the tests import `{name}` from {file}, not from the copy; see {log}")
    return result


def fresh_copy(source: Path, copy: Path) -> None:
    """Copies the source anew."""
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(source, copy, symlinks=True)


def python_lines(copy: Path) -> tuple[int, int]:
    """The project's Python files, and the lines in them."""
    files = [file for file in copy.rglob("*.py") if file.is_file()]
    return len(files), sum(file.read_bytes().count(b"\n") for file in files)


# --- the migration ----------------------------------------------------------------------------------------------------


def migrate(project: Project, mode: str, binary: Path, copy: Path, work: Path, declared: list[str]) -> dict:
    """Declares what the migrated code needs, and applies. The result is awaitify's JSON."""
    # What a maintainer does first: say that the tests may be async.
    (copy / "requirements-async.txt").write_text("".join(f"{line}\n" for line in declared))
    command = [
        str(binary), "apply", *project.args, *MODES[mode], "--allow-dirty", "--output-format", "json", *project.paths,
    ]
    log = work / f"{mode}.apply.json"
    errors = work / f"{mode}.apply.log"
    with open(log, "w", encoding="utf-8") as out, open(errors, "w", encoding="utf-8") as err:
        code = subprocess.run(command, cwd=copy, stdout=out, stderr=err, timeout=600).returncode
    # With `--assist`, 1 says that markers are left; without it, `apply` ends with 0.
    if code not in ((0, 1) if mode == "assist" else (0,)):
        raise Trouble(f"awaitify apply ended with {code}: {errors.read_text()[-600:]}")
    return json.loads(log.read_text(encoding="utf-8"))


def changes_again(project: Project, mode: str, binary: Path, copy: Path) -> int:
    """How many files a second run would change."""
    command = [
        str(binary), "diff", *project.args, *MODES[mode], "--exit-zero", "--output-format", "json", *project.paths,
    ]
    done = subprocess.run(command, cwd=copy, capture_output=True, text=True, timeout=600)
    try:
        return json.loads(done.stdout)["counts"]["files_changed"]
    except (ValueError, KeyError) as error:
        raise Trouble(f"the second run ended with {done.returncode}: {done.stderr[-600:]}") from error


def root_of(left: dict, copy: Path) -> dict:
    """The barrier behind a refusal: its reason, its place, and the line that stands there.

    A detail reads `A (place), which is needed by B (place): what stands in the way`; the last place in it is the
    barrier's. Without one, the site itself is.
    """
    detail = left.get("detail") or ""
    places = re.findall(r"([\w./+-]+\.pyi?):(\d+)", detail)
    file, line = places[-1] if places else (left["place"]["file"], left["place"]["line"])
    try:
        lines = (copy / file).read_text(encoding="utf-8", errors="replace").splitlines()
        code = lines[int(line) - 1].strip()
    except (OSError, IndexError):
        code = ""
    last = detail.rsplit("which is needed by ", 1)[-1]
    return {"code": left["code"], "place": f"{file}:{line}", "line": code, "detail": last}


def barriers_of(left: list[dict], copy: Path) -> list[dict]:
    """The root barriers, those that block most sites first."""
    found: dict[tuple, dict] = {}
    for item in left:
        root = root_of(item, copy)
        entry = found.setdefault((root["code"], root["place"]), {**root, "sites": 0})
        entry["sites"] += 1
    return sorted(found.values(), key=lambda entry: (-entry["sites"], entry["code"], entry["place"]))


# --- one project --------------------------------------------------------------------------------------------------------


def compare(project: Project, result: Run, before: dict, after: dict) -> None:
    """What became of the tests that passed. A test that is gone or skipped is lost like one that fails."""
    passed = [name for name, outcome in before["outcomes"].items() if outcome == "passed"]
    result.passed_before = len(passed)
    for name in passed:
        outcome = after["outcomes"].get(name, "deleted")
        if outcome == "passed":
            result.passed_after += 1
            continue
        result.lost[name] = f"{outcome}: {after['reasons'].get(name, '').strip()}"
        if not any(re.search(pattern, name) for pattern in project.differences):
            result.unexplained.append(name)
    # What breaks outside of a test that passed: a module that cannot be collected, a lost coroutine at the end.
    for name, outcome in after["outcomes"].items():
        if outcome == "error" and before["outcomes"].get(name) != "error" and name not in result.lost:
            result.lost[name] = f"{outcome}: {after['reasons'].get(name, '').strip()}"
            result.unexplained.append(name)
    for name in sorted(set(after["online"]) - set(before["online"])):
        result.unexplained.append(f"{name} reaches for the network: its double went stale")
    # pytest: 0 all passed, 1 some failed. Anything else (2 interrupted, 3 internal error) is not a result.
    if after["exit"] not in (0, 1) or (after["exit"] == 1 and before["exit"] == 0 and not result.lost):
        result.unexplained.append(f"pytest ended with {after['exit']}")
    if after["ended"] != after["exit"] and before["ended"] == before["exit"]:
        result.unexplained.append(f"after its last test, pytest's process ended with {after['ended']}")


def count_sites(project: Project, result: Run, plan: dict, copy: Path) -> None:
    """Counts the seed sites, those in the tests apart, and groups what is left by reason and by root barrier."""
    driven = [item for item in plan["units"] if project.is_seed(item["codemod"])]
    stayed = [item for item in plan["left"] if project.is_seed(item["codemod"])]
    for unit in driven:
        in_tests = project.is_test(unit["place"]["file"])
        taken = unit["outcome"] == "taken"
        if in_tests:
            result.taken_in_tests += taken
            result.left_in_tests += not taken
        else:
            result.taken += taken
            result.left += not taken
    left = []
    for unit in driven:
        if unit["outcome"] != "taken":
            left.append({**unit, "code": unit["outcome"], "detail": None})
    for item in stayed:
        left.append(item)
        if project.is_test(item["place"]["file"]):
            result.left_in_tests += 1
        else:
            result.left += 1
    product = [item for item in left if not project.is_test(item["place"]["file"])]
    result.reasons = dict(collections.Counter(item["code"] for item in product).most_common())
    result.barriers = barriers_of(product, copy)
    result.recoloured = len(plan["recoloured"])
    result.files_changed = plan["counts"]["files_changed"]


def count_sessions(project: Project, result: Run, before: Path, copy: Path) -> None:
    """Counts the session sites of the project, by what blocks in its code before and after."""
    code, tests = session_sites.count(before, project.is_test)
    result.left, result.left_in_tests = session_sites.count(copy, project.is_test)
    result.taken, result.taken_in_tests = code - result.left, tests - result.left_in_tests


def examine(project: Project, modes: list[str], binary: Path, base: Path, common: list[str]) -> list[Run]:
    """Everything about one project: set up, run before, and for every mode migrate and run after."""
    work = base / project.name
    work.mkdir(parents=True, exist_ok=True)
    results = []
    try:
        source = source_of(project, work)
        python = environment(project, source, work, common)
        copy = work / "before"
        fresh_copy(source, copy)
        files, lines = python_lines(copy)
        before = test(project, copy, python, work / "before.log", strict=False)
        if not any(outcome == "passed" for outcome in before["outcomes"].values()):
            raise Trouble(f"no test passes before the migration; see {work / 'before.log'}")
    except (Trouble, OSError) as error:
        return [Run(project.name, mode, trouble=str(error)) for mode in modes]
    declared = [line for line in common if line.startswith(("pytest-asyncio", "aiofiles", "httpx"))]
    for mode in modes:
        if project.only_modes and mode not in project.only_modes:
            continue
        result = Run(project.name, mode, files=files, lines=lines)
        results.append(result)
        started = time.monotonic()
        try:
            copy = work / mode
            fresh_copy(source, copy)
            plan = migrate(project, mode, binary, copy, work, declared)
            result.seconds = time.monotonic() - started
            # Places are those of the code before; the lines are read there.
            count_sites(project, result, plan, work / "before")
            if project.group == "database":
                count_sessions(project, result, work / "before", copy)
            after = test(project, copy, python, work / f"{mode}.log", strict=True)
            compare(project, result, before, after)
            if "MissingGreenlet" in (work / f"{mode}.log").read_text(encoding="utf-8", errors="replace"):
                result.unexplained.append("an attribute was loaded where nothing can wait for it: MissingGreenlet")
            result.blocked = sum(
                file.read_text(encoding="utf-8", errors="replace").count(BLOCKED) for file in copy.rglob("*.py")
            )
            result.diff_again = changes_again(project, mode, binary, copy)
            if result.diff_again and not result.blocked:
                result.unexplained.append(f"a second run changes {result.diff_again} files")
        except (Trouble, OSError, ValueError, subprocess.TimeoutExpired) as error:
            result.trouble = str(error)
    return results


# --- the report ---------------------------------------------------------------------------------------------------------


def show(results: list[Run], verbose: bool) -> None:
    """The table, and below it every loss and every barrier."""
    print(
        f"{'project':<20} {'mode':<8} {'lines':>6} {'sites':>9} {'%':>4} {'in tests':>9} {'async':>6} "
        f"{'tests':>11} {'%':>6}  left, by reason"
    )
    for r in results:
        if r.trouble:
            print(f"{r.project:<20} {r.mode:<8} FAILED: {r.trouble.splitlines()[0]}")
            continue
        reasons = ", ".join(f"{code} {count}" for code, count in r.reasons.items())
        blocked = f"{r.blocked} blocked; " if r.blocked else ""
        print(
            f"{r.project:<20} {r.mode:<8} {r.lines:>6} {f'{r.taken}/{r.taken + r.left}':>9} {r.sites_percent:>4.0f} "
            f"{f'{r.taken_in_tests}/{r.taken_in_tests + r.left_in_tests}':>9} {r.recoloured:>6} "
            f"{f'{r.passed_after}/{r.passed_before}':>11} {r.tests_percent:>6.1f}  {blocked}{reasons}"
        )
    for r in results:
        if not (r.barriers or r.lost or r.unexplained):
            continue
        print(f"\n{r.project}, {r.mode}")
        for b in r.barriers if verbose else r.barriers[:8]:
            print(f"  {b['sites']:>3} x {b['code']:<20} {b['place']}: {b['line'][:90]}")
            if b["detail"]:
                print(f"        {b['detail'][:160]}")
        for name, reason in list(r.lost.items())[: None if verbose else 8]:
            line = reason.splitlines()[0] if reason else ""
            print(f"  lost  {name}: {line[:160]}")
        if len(r.lost) > 8 and not verbose:
            print(f"  lost  ... {len(r.lost)} in all")
        for name in [name for name in r.unexplained if name not in r.lost]:
            print(f"  !     {name}")


def verdict(results: list[Run], sites: float, tests: float, projects: list[Project]) -> bool:
    """Whether the bar is met: see README.md. A project counts with its best mode; a mode that fails is told."""
    good = True
    print()
    for r in results:
        if r.trouble:
            print(f"FAILED {r.project} ({r.mode}): {r.trouble.splitlines()[0]}")
            good = False
        elif r.mode == "assist" and r.blocked:
            # A marker says that code is unfinished: what its tests say is told above, and asked of no one.
            print(f"half   {r.project} (assist): {r.blocked} markers, {r.tests_percent:.1f}% of the tests pass")
        elif r.tests_percent < tests:
            print(f"MISSED {r.project} ({r.mode}): {r.tests_percent:.1f}% of the tests pass, not {tests:.0f}%")
            good = False
        elif r.unexplained:
            print(f"MISSED {r.project} ({r.mode}): {len(r.unexplained)} differences without a reason")
            good = False
    gaps = {project.name: project.gap for project in projects if project.gap}
    migrated = {r.project for r in results if not r.trouble and r.sites_percent >= sites and r.tests_percent >= tests}
    for name in sorted(set(gaps) & migrated):
        print(f"MISSED {name}: it is no gap any more; let it count")
        good = False
    refused = {project.name for project in projects if project.name not in gaps} - {r.project for r in results if r.taken}
    for name in sorted(refused):
        print(f"MISSED {name}: refused whole")
    for name, gap in gaps.items():
        print(f"gap    {name}: {gap}")
    for group, (some, of) in BARS.items():
        counted = {project.name for project in projects if project.group == group and project.name not in gaps}
        if not counted:
            continue
        needed = -(-some * len(counted) // of)
        done = len(migrated & counted)
        print(f"{group}: {done} of {len(counted)} projects have {sites:.0f}% of their sites taken; the bar is {needed}")
        good = good and done >= needed
    return good


SELF_TEST = {
    "shop.py": "async def price():\n    return 3\n\n\ndef total(prices=None):\n    return 3\n",
    "tests/test_shop.py": "import shop\n\n\ndef test_total():\n    assert shop.total() == 3\n",
}


def self_test(base: Path, common: list[str]) -> bool:
    """A check that cannot fail is worth nothing: a lost coroutine, a deleted and a skipped test must be told."""
    work = base / "self-test"
    shutil.rmtree(work, ignore_errors=True)
    project = Project("self-test", [], "", ["shop"], [], install=False, group="http")
    source = work / "before"
    for name, text in SELF_TEST.items():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text(text)
    python = environment(project, source, work, common)
    before = test(project, source, python, work / "before.log", strict=False)
    changes = {
        "a lost coroutine": ("shop.py", "def total(prices=None):\n", "def total(prices=None):\n    price()\n"),
        "a lost coroutine in a program": (
            "tests/test_shop.py",
            "assert shop.total() == 3",
            "import subprocess, sys\n"
            "    subprocess.run([sys.executable, '-c', 'import shop; shop.price()'], check=True)",
        ),
        "a coroutine lost at exit": ("shop.py", "def total", "import atexit\n\natexit.register(price)\n\n\ndef total"),
        "a test that is gone": ("tests/test_shop.py", "def test_total", "def total_test"),
        "a skipped test": ("tests/test_shop.py", "    assert", "    import pytest\n    pytest.skip()\n    assert"),
        "a test that reaches for the network": (
            "tests/test_shop.py",
            "    assert",
            "    import contextlib, socket\n"
            "    with contextlib.suppress(OSError):\n"
            "        socket.create_connection(('shop.test', 80))\n"
            "    assert",
        ),
        "an async test that nobody runs": ("tests/test_shop.py", "def test_total", "async def test_total"),
        "nothing": ("shop.py", "return 3", "return 3"),
    }
    good = True
    for name, (file, old, new) in changes.items():
        copy = work / "after"
        fresh_copy(source, copy)
        text = (copy / file).read_text()
        assert old in text, f"the self-test does not fit: {old!r}"
        (copy / file).write_text(text.replace(old, new))
        result = Run("self-test", "default")
        try:
            compare(project, result, before, test(project, copy, python, work / "after.log", strict=True))
        except Trouble as error:
            result.unexplained.append(str(error))
        told = bool(result.unexplained)
        right = told != (name == "nothing")
        good &= right
        print(f"{'ok  ' if right else 'FAIL'} {name}: {'told' if told else 'not told'}")
    return good


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="projects to run; all by default")
    parser.add_argument("--group", choices=BARS, help="only the projects of this group")
    parser.add_argument("--list", type=Path, default=HERE / "projects.toml", help="the list of projects")
    parser.add_argument("--binary", type=Path, help="the awaitify to run; target/release/awaitify by default")
    parser.add_argument("--mode", action="append", choices=MODES, help="repeatable; default and unsafe by default")
    parser.add_argument("--work", type=Path, default=ROOT / "target" / "projects", help="where everything is put")
    parser.add_argument("--jobs", type=int, default=2, help="how many projects at a time")
    parser.add_argument("--sites", type=float, default=80.0, help="the bar: percent of the seed sites that are taken")
    parser.add_argument("--tests", type=float, default=95.0, help="the bar: percent of the passing tests that still pass")
    parser.add_argument("--self-test", action="store_true", help="see that the check can fail")
    parser.add_argument("-v", "--verbose", action="store_true", help="every barrier and every lost test")
    args = parser.parse_args()
    sys.stdout.reconfigure(line_buffering=True)

    with open(args.list, "rb") as file:
        listed = tomllib.load(file)
    base = args.work.resolve()
    base.mkdir(parents=True, exist_ok=True)
    common = listed["requirements"]
    if args.self_test:
        return 0 if self_test(base, common) else 1
    projects = [Project(**entry) for entry in listed["project"]]
    if unknown := set(args.names) - {project.name for project in projects}:
        print(f"no such project: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    projects = [project for project in projects if not args.names or project.name in args.names]
    projects = [project for project in projects if args.group in (None, project.group)]
    binary = (args.binary or ROOT / "target" / "release" / "awaitify").resolve()
    if not binary.is_file():
        print(f"no binary at {binary}: `cargo build --release` first, or name one with --binary", file=sys.stderr)
        return 2

    modes = args.mode or ["default", "unsafe"]
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        each = pool.map(lambda project: examine(project, modes, binary, base, common), projects)
        results = [result for group in each for result in group]
    (base / "report.json").write_text(json.dumps([dataclasses.asdict(r) for r in results], indent=1))
    show(results, args.verbose)
    return 0 if verdict(results, args.sites, args.tests, projects) else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        sys.exit(2)
