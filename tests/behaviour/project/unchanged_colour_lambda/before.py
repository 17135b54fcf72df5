# case: args = --scope project --seed all --make-async before:f
# case: unchanged
def f(x): return x * 2
def apply(fn, x): return fn(x)
def main(): print(apply(lambda v: f(v) + 1, 3))
main()
