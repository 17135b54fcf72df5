# case: args = --scope project --seed all --make-async before:inner --make-async before:outer
# case: unchanged
def inner():
    yield 1
    return "result"
def outer():
    r = yield from inner()
    print(r)
print(list(outer()))
