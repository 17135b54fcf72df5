# case: args = --scope project --seed all --unsafe
# case: expect = await f(v) + 1
# case: expect = await fn(x)
import time
def f(x): time.sleep(0); return x * 2
def apply(fn, x): return fn(x)

def twice(first, *, then): return then(first(1))
def main():
    print(apply(lambda v: f(v) + 1, 3))
    base = 10
    print(twice(lambda v: f(v) + base, then=lambda v: -f(v)))
    base = 20
    return apply(lambda v: f(v) + base, 3)
print(main())
