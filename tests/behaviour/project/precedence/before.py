# case: expect = -await three()
# case: expect = await three() ** 2
# case: expect = 2 ** -await three()
# case: expect = not await three()
# case: expect = (await o()).v,
# case: expect = (await (await o()).m())[0]
# case: expect = (await (await o()).fn())("ab")
# case: expect = *await t()
# case: expect = **await d()
# case: expect = {await three()!r:>{await three()}}
# case: expect = [await three()]
# case: expect = (n := await three())
# case: expect = x += await three()
# case: expect = a, b = await t()
# case: expect = (await o()).w = await three()
# case: reject = = (await t())
import time


class O:
    v = 7

    def m(self):
        time.sleep(0.001)
        return [1, 2]

    def fn(self):
        time.sleep(0.001)
        return len


def o():
    time.sleep(0.001)
    return O()


def three():
    time.sleep(0.001)
    return 3


def t():
    time.sleep(0.001)
    return (1, 2)


def d():
    time.sleep(0.001)
    return {"k": 1}


def main():
    print(-three(), three() ** 2, 2 ** -three(), not three(), three() + three() * 2)
    print(three() if three() else 0, [*t()], dict(**d()), *t())
    print(o().v, o().m()[0], o().m()[-1:], o().fn()("ab"), f"{three()!r:>{three()}}|{o().v}")
    print(three() < 4 < three() + 2, [1, 2, 3, 4][three()], three() and t() or d(), three() in (3,), (three(),))
    assert three(), three()
    if (n := three()) > 2:
        print(n)
    x = 1
    x += three()
    a = b = three()
    print(x, a, b, {three(): three()})
    a, b = t()
    print(a, b)
    o().w = three()
    q = o()
    del q
    for i in t():
        print(i, end=" ")
    while three() < 3:
        pass
    print(three().bit_length(), three().real, str(three()).zfill(3), lambda_(lambda: 1))
    try:
        raise ValueError(three())
    except (ValueError, [OSError, EOFError, KeyError, IndexError][three()]) as error:
        print(error)
    return three()


def lambda_(f):
    return f()


print(main())
