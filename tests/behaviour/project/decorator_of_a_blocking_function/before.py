# case: expect = async def wrapper(
# case: expect = await fn(
# case: expect = async def load(
import time


def counted(fn):
    def wrapper(*args):
        wrapper.calls += 1
        return fn(*args)

    wrapper.calls = 0
    return wrapper


@counted
def load(n):
    time.sleep(0.001)
    return n * 2


def main():
    print(load(1), load(2), load.calls)


if __name__ == "__main__":
    main()
