# case: args = --scope project --seed all --unsafe
# case: expect = await f(v) + 1
# case: expect = await fn(x)
import time
def f(x): time.sleep(0); return x * 2
def apply(fn, x): return fn(x)
def main(): print(apply(lambda v: f(v) + 1, 3))
main()
