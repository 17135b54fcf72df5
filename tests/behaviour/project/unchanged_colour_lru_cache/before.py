# case: args = --scope project --seed all --make-async before:load
# case: unchanged
import functools
@functools.lru_cache(maxsize=None)
def load(x): print("load", x); return x * 2
def main(): print(load(1), load(1), load(2))
main()
