# case: expect = await fetch(1)
# case: expect = return fetch(x)
# case: expect = fetch = str
# case: reject = await fetch(x)
# case: reject = await fetch(9)
from store import fetch


def apply(fetch, x):
    return fetch(x)


def local():
    fetch = str
    return fetch(9)


class Box:
    def fetch(self, x):
        return f"box {x}"


def main():
    print(fetch(1), apply(abs, -2), local(), Box().fetch(4))
    print([fetch for fetch in (5, 6)])


if __name__ == "__main__":
    main()
