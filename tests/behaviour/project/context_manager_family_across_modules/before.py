# case: expect = async with connect("x") as c:
# case: expect = with contextlib.suppress(KeyError):
# case: expect = await b.__aenter__()
# case: expect = await b.__aexit__(None, None, None)
# case: expect conn.py = await super().__aenter__()
# case: expect conn.py = return await super().__aexit__(*exc)
# case: expect conn.py = async with self.conn as c:
# case: reject conn.py = __exit__
import contextlib

from conn import Base, Owner, connect


def work():
    with connect("x") as c, contextlib.suppress(KeyError), Base("y") as d:
        print(c.name, d.name)
        raise KeyError


def manual():
    b = Base("m")
    b.__enter__()
    try:
        print("body")
    finally:
        b.__exit__(None, None, None)


def main():
    work()
    manual()
    print(Owner().run())


if __name__ == "__main__":
    main()
