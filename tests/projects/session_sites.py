"""Counts the session sites of SQLAlchemy in source code, whatever awaitify makes of it.

A session site is a call that makes a blocking engine, maker or session (`create_engine`, `sessionmaker`, `Session(...)`, imported
from SQLAlchemy or SQLModel), or one of a method that waits for the database on what is called like a session, connection or
engine, or that makes a query. It is taken when nothing of it is left that blocks: it is gone, or awaited, or entered by `async
with`.
"""
from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

MAKERS = {"create_engine", "engine_from_config", "sessionmaker", "scoped_session", "Session"}
METHODS = {
    "begin", "close", "commit", "connect", "create_all", "delete", "dispose", "drop_all", "exec", "execute", "flush",
    "get", "get_one", "merge", "query", "refresh", "rollback", "scalar", "scalars",
}
NAMES = ("connection", "conn", "database", "db", "engine", "metadata", "session")


def is_receiver(expr: ast.expr) -> bool:
    """Whether an expression is called like something that holds a session: `db`, `self.session`, `test_db`."""
    match expr:
        case ast.Call(func=func):
            return is_receiver(func)
        case ast.Attribute(attr=name) | ast.Name(id=name):
            parts = name.lower().strip("_").split("_")
            return parts[-1] in NAMES or parts[0] in NAMES
        case _:
            return False


def blocking(tree: ast.Module) -> Iterator[ast.Call]:
    """The session sites that block."""
    free: set[int] = set()
    makers: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Await(value=value):
                free.add(id(value))
            case ast.AsyncWith(items=items):
                free.update(id(item.context_expr) for item in items)
            case ast.ImportFrom(module=str(module), names=names):
                library, *inside = module.split(".")
                if library in ("sqlalchemy", "sqlmodel") and "asyncio" not in inside:
                    makers.update(name.asname or name.name for name in names if name.name in MAKERS)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or id(node) in free:
            continue
        match node.func:
            case ast.Name(id=name) if name in makers:
                yield node
            case ast.Attribute(attr=method, value=receiver) if method in METHODS and is_receiver(receiver):
                yield node


def count(folder: Path, is_test) -> tuple[int, int]:
    """How many sites block in the code below a folder, and how many in its tests."""
    code = tests = 0
    for file in sorted(folder.rglob("*.py")):
        try:
            tree = ast.parse(file.read_bytes())
        except SyntaxError:
            continue
        found = sum(1 for _ in blocking(tree))
        if is_test(str(file.relative_to(folder))):
            tests += found
        else:
            code += found
    return code, tests
