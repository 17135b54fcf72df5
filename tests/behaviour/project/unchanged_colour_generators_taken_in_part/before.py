# case: args = --scope project --seed all --make-async before:rows
# case: unchanged
# `zip` and `any` stop early, and what comes after would run.
def rows(n):
    for i in range(n):
        if i == 3: return
        yield i
def walk(tree):
    yield tree[0]
    for child in tree[1:]:
        yield from walk(child)
def both():
    yield from rows(2)
    yield from [10, 11]
def main():
    print(list(rows(5)), tuple(both()), sorted(walk([3, [2, [1]], [0]])))
    for i, r in enumerate(rows(2), 1): print(i, r)
    print(dict(zip("ab", rows(2))), ",".join(str(r) for r in rows(2)), any(r > 0 for r in rows(2)))
    a, b = rows(2); print(a, b, *rows(2))
main()
