from typing import Any, Callable

_COMMANDS: dict[str, Callable[..., Any]] = {}


def command(name: str | None = None):
    def register(fn):
        _COMMANDS[name or fn.__name__] = fn
        return fn

    return register


class Bus:
    def __init__(self):
        self.handlers = {}

    def on(self, kind):
        def register(fn):
            self.handlers[kind] = fn
            return fn

        return register

    def fire(self, kind, event):
        if kind in self.handlers:
            self.handlers[kind](event)


def run(name, n):
    return _COMMANDS[name](n)


def names():
    return sorted(_COMMANDS)
