# case: args = --scope project --seed all --make-async before:make
# case: unchanged
import functools
def make(x, *, scale=1): return x * scale
double = functools.partial(make, scale=2)
HANDLERS = {"a": make, "b": double}
def main(): print([HANDLERS[k](3) for k in "ab"], getattr(__import__("sys").modules[__name__], "make")(1))
main()
