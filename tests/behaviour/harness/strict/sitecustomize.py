"""Makes fatal what Python only prints: a coroutine that nobody awaited, an exception in `__del__`.

Python imports this before a migrated program, which `-W error::RuntimeWarning` alone would let end with 0.
"""
import os
import sys


def end(unraisable):
    sys.__unraisablehook__(unraisable)
    sys.stdout.flush()
    sys.stderr.flush()
    # `sys.exit` would be one more exception that nobody sees.
    os._exit(1)


sys.unraisablehook = end
