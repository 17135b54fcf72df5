# case: expect = async def __aenter__(self)
# case: expect = async def __aexit__(self
# case: expect = async with Resource("a") as r
# case: reject = __exit__
import time


class Resource:
    def __init__(self, name):
        self.name = name

    def __enter__(self):
        time.sleep(0.001)
        print("enter", self.name)
        return self

    def __exit__(self, kind, value, traceback):
        time.sleep(0.001)
        print("exit", kind and kind.__name__)
        return kind is KeyError


def main():
    with Resource("a") as r:
        print(type(r).__name__)
    with Resource("b"):
        raise KeyError
    try:
        with Resource("c"), Resource("d"):
            raise ValueError("v")
    except ValueError as error:
        print("seen", error)


if __name__ == "__main__":
    main()
