"""Holds every `codemod.toml` to the packages that are installed: `python check.py codemods/*/codemod.toml`.

Each member of a sync class has to be named in the file, and the twin has to have the colour that the file says. Prints one line
for each mistake, and ends with 1 if there is one. The colour of a method is read from `async def`, from `yield`, from its
annotation and from the body that hands on what a coroutine gives; what tells none of these is not held against the file.
"""
import fnmatch
import functools
import importlib
import inspect
import re
import sys
import tomllib
import typing
from pathlib import Path

AWAITED, ITERATED, PLAIN, UNKNOWN, MISSING = "awaited", "iterated", "plain", "unknown", "missing"
LISTS = {"await": AWAITED, "pages": AWAITED, "open": AWAITED, "same": PLAIN, "chain": PLAIN, "iterate": ITERATED, "enter": PLAIN}
AWAITABLES = re.compile(r"\b(Awaitable|Coroutine|Future)\b")
ITERATORS = re.compile(r"\bAsync(Iterator|Generator|Iterable)\b")


def resolve(path):
    """What a dotted path names."""
    parts = path.split(".")
    for cut in range(len(parts) - 1, 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:cut]))
        except ModuleNotFoundError:
            continue
        for name in parts[cut:]:
            found = getattr(found, name)
        return found
    raise AttributeError(path)


def static(cls, name):
    found = inspect.getattr_static(cls, name, None)
    return found.__func__ if isinstance(found, (staticmethod, classmethod)) else found


def property_function(member):
    if isinstance(member, property):
        return member.fget
    return getattr(member, "func", None) if "cached_property" in type(member).__name__ else None


def annotation(function):
    try:
        found = function.__annotations__.get("return")
    except AttributeError:
        return ""
    return found if isinstance(found, str) else repr(found) if found is not None else ""


def colour(cls, name):
    """The colour of a member of an async class."""
    member = static(cls, name)
    if member is None and not hasattr(cls, name):
        # `__init__` sets it.
        return UNKNOWN if name in source(cls) or hasattr(cls, "__getattr__") else MISSING
    function = property_function(member)
    if function is not None:
        return AWAITED if inspect.iscoroutinefunction(function) else PLAIN
    if not callable(member) or isinstance(member, type):
        return PLAIN
    for function in (member, inspect.unwrap(member)):
        if inspect.iscoroutinefunction(function):
            return AWAITED
        if inspect.isasyncgenfunction(function):
            # `asynccontextmanager` wraps one.
            return ITERATED if function is member else UNKNOWN
    text = annotation(inspect.unwrap(member))
    if ITERATORS.search(text):
        return ITERATED
    if inspect.isgeneratorfunction(inspect.unwrap(member)) or "ContextManager" in text or not text:
        return UNKNOWN
    if AWAITABLES.search(text) or "ResponseT" in text:
        return AWAITED
    return PLAIN


def constructor(cls):
    """The source of an `__init__`; empty where there is none to read."""
    try:
        return inspect.getsource(inspect.unwrap(vars(cls).get("__init__")))
    except (OSError, TypeError, AttributeError):
        return ""


@functools.cache
def source(cls):
    """The names that the classes of an object assign to `self`, and their annotations."""
    names = set()
    for own in cls.__mro__:
        names.update(getattr(own, "__slots__", ()) or ())
        names.update(getattr(own, "__annotations__", ()))
        try:
            text = inspect.getsource(own)
        except (OSError, TypeError):
            text = constructor(own)
        names.update(re.findall(r"\bself\.(\w+)\b[^=\n]*=[^=]", text))
    return names


def parts(cls, name):
    """The class behind an attribute: `client.chat`."""
    function = property_function(static(cls, name))
    try:
        hints = typing.get_type_hints(function if function is not None else cls)
    except Exception:
        hints = {}
    found = hints.get("return" if function is not None else name)
    if found is None and function is None:
        for own in cls.__mro__:
            made = re.search(rf"self\.{name}\b[^=\n]*= ?(?:\w+\.)*(\w+)\(", constructor(own))
            if made and isinstance(own.__init__, type(constructor)):
                return own.__init__.__globals__.get(made[1])
    return found if isinstance(found, type) else None


class Check:
    def __init__(self, path):
        self.path = path
        self.file = tomllib.loads(path.read_text(encoding="utf-8"))
        self.mistakes = []

    def mistake(self, text):
        self.mistakes.append(f"{self.path.parent.name}: {text}")

    def run(self):
        for table in self.file.get("type", []):
            self.type(table)
        for table in self.file.get("function", []):
            for path in texts(table["sync"]):
                self.exists(path)
            self.twin(table)
        for old, new in self.file.get("exceptions", {}).items():
            self.exists(old)
            self.exists(new)
        for path in self.file.get("refuse", {}):
            self.exists(path)
        return self.mistakes

    def exists(self, path):
        try:
            return resolve(path)
        except AttributeError:
            self.mistake(f"there is no `{path}`")
            return None

    def twin(self, table):
        if "async" not in table:
            return None
        # An expression: `aioboto3.Session().client`.
        return None if "(" in table["async"] else self.exists(table["async"])

    def type(self, table):
        paths = texts(table["sync"])
        new = self.twin(table)
        # A class that has no name of its own: its members are made when the program runs.
        title = table.get("name") or paths[0].rsplit(".", 1)[-1]
        if paths[0] in MADE_UP:
            if isinstance(new, type):
                self.colours(table, title, new)
            return
        classes = [self.exists(path) for path in paths]
        classes = list(dict.fromkeys(old for old in classes if isinstance(old, type)))
        for old in classes:
            # The twin is that of the first one; others give values of it by other names.
            self.members(table, title, old, new if isinstance(new, type) and old is classes[0] else None, "")
        self.gone(table, title, classes)

    def listed(self, table, name):
        """In which list a member stands: `None` if in none."""
        for key in LISTS:
            if name in texts(table.get(key, [])):
                return key
        for key in ("refuse", "set", "gives", "negate"):
            if name in table.get(key, {}):
                return key
        for key in (*LISTS, "refuse"):
            if any(fnmatch.fnmatchcase(name, own) for own in texts(table.get(key, [])) if "*" in own):
                return key
        return None

    def members(self, table, title, old, new, prefix):
        named = [name for key in LISTS for name in texts(table.get(key, []))] + [*table.get("refuse", {}), *table.get("gives", {})]
        for name in sorted({*dir(old), *(own.split(".")[prefix.count(".")] for own in named if own.startswith(prefix))}):
            member = static(old, name)
            is_part = any(own.startswith(f"{prefix}{name}.") for own in named)
            if name.startswith("_") or "*" in name or isinstance(member, type):
                continue
            if prefix + name in texts(table.get("construct", [])):
                continue
            if is_part:
                inner, its = parts(old, name), parts(new, name) if new else None
                if inner is not None:
                    self.members(table, title, inner, its, f"{prefix}{name}.")
                continue
            key = self.listed(table, prefix + name)
            if key is None and prefix and self.listed(table, prefix[:-1]) == "refuse":
                continue
            if key is None:
                if "attributes" not in table or callable(member) or property_function(member):
                    self.mistake(f"`{title}.{prefix}{name}` is not named")
                continue
            if key not in LISTS or new is None:
                continue
            is_data = not callable(member) or callable(property_function(member))
            becomes = colour(new, table.get("rename", {}).get(prefix + name, name))
            if becomes == MISSING:
                self.mistake(f"`{title}.{prefix}{name}`: the twin does not have it")
            elif becomes == AWAITED and key == "same" and self.file.get("from") == "async":
                # What was awaited before stays so.
                continue
            elif UNKNOWN != becomes != LISTS[key] and not (is_data and becomes == PLAIN):
                self.mistake(f"`{title}.{prefix}{name}` is {becomes} in the twin, and stands in `{key}`")

    def colours(self, table, title, new):
        """The members that are listed have that colour in the twin."""
        for key in LISTS:
            for name in texts(table.get(key, [])):
                becomes = colour(new, table.get("rename", {}).get(name, name))
                if UNKNOWN != becomes != LISTS[key]:
                    self.mistake(f"`{title}.{name}` is {becomes} in the twin, and stands in `{key}`")

    def gone(self, table, title, classes):
        """Names of members that no class of a type has (any longer)."""
        for key in LISTS:
            for name in texts(table.get(key, [])):
                first = name.split(".")[0]
                # Namespaces may be made when the program runs.
                is_special = first.startswith("__") or "*" in first or first != name
                if not is_special and not any(has(old, first) for old in classes):
                    self.mistake(f"`{title}.{name}` stands in `{key}`, and the class does not have it")


def has(cls, name):
    return hasattr(cls, name) or name in source(cls) or hasattr(cls, "__getattr__")


# Names under which a file describes what is no class of its own: the answers of some operations, cursors with a name.
MADE_UP = {"anthropic.lib.streaming.TextStream", "botocore.response.Answer", "psycopg2.extensions.cursor.named"}


def texts(value):
    return [value] if isinstance(value, str) else list(value)


def main():
    # mysqlclient has no wheels for Linux: PyMySQL takes its place, as in many programs.
    importlib.import_module("pymysql").install_as_MySQLdb()
    files = [Path(argument) for argument in sys.argv[1:]]
    mistakes = [mistake for file in files for mistake in Check(file).run()]
    print("\n".join(mistakes) or f"{len(files)} files agree with the packages")
    sys.exit(bool(mistakes))


if __name__ == "__main__":
    main()
