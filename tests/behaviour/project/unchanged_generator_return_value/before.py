# case: unchanged
import time
def inner():
    time.sleep(0)
    yield 1
    return "result"
def outer():
    r = yield from inner()
    print(r)
print(list(outer()))
