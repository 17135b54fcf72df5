# case: args = --scope project --seed all --make-async before:O.m --make-async before:O.fn --make-async before:three --make-async before:t --make-async before:d
class O:
    v = 7
    def m(self): return [1, 2]
    def fn(self): return len
def o(): return O()
def three(): return 3
def t(): return (1, 2)
def d(): return {"k": 1}
def main():
    print(-three(), three() ** 2, 2 ** -three(), not three(), three() + three() * 2, three() if three() else 0, [*t()], dict(**d()), *t())
    print(o().v, o().m()[0], o().m()[-1:], o().fn()("ab"), f"{three()!r:>{three()}}|{o().v}", three() < 4 < three() + 2, [1, 2, 3, 4][three()])
    assert three(), three()
    if (n := three()) > 2: print(n)
    x = 1; x += three(); print(x, lambda_(lambda: 1))
    a = b = three(); print(a, b); a, b = t(); print(a, b)
    o().v2 = three(); q = o(); del q; print(three() and t() or d(), three() in (3,), (three(),), {three(): three()})
def lambda_(f): return f()
main()
