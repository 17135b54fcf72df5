# case: expect = async def double(n):
# case: expect = async def add(n, y=y):
# case: expect = return await load(n) + y  # adds
# case: expect = async def triple(n, *rest, m=3, **options):
# case: reject = lambda
# Every use of the name is a call, so nobody sees that the function has a name now.
import time


def load(n, m=1):
    time.sleep(0.001)
    return n * m


double = lambda n: load(n) * 2
triple = lambda n, *rest, m=3, **options: (
    load(n, m)
    + len(rest)
)
quad = (lambda n:
    load(n)
    * 4)


def main():
    factorial = lambda n: 1 if n < 2 else n * load(factorial(n - 1))
    none = lambda: load(1)
    y = 1
    add = lambda n, y=y: load(n) + y  # adds
    y = 5
    many = lambda n: [load(x) for x in range(n)]
    print(double(1), triple(1, 2), quad(2), factorial(4), none(), add(2), many(y))
    for i in range(2):
        at = lambda: f"{load(i)!r:>3}"
        print(at())


if __name__ == "__main__":
    main()
