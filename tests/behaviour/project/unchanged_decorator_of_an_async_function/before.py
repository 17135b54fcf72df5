# case: args = --scope project --seed time_sleep_to_asyncio
# case: unchanged
# Of a coroutine function the wrapper hands on the coroutine, and says "out" before it runs.
import asyncio
import functools
import time


def logged(fn):
    @functools.wraps(fn)
    def wrapper(*args):
        print("in")
        result = fn(*args)
        print("out")
        return result

    return wrapper


@logged
def one(x):
    time.sleep(0.001)
    return x


@logged
async def two(x):
    print("two")
    return x


async def both():
    print(await two(2))


def main():
    print(one(1))


if __name__ == "__main__":
    main()
    asyncio.run(both())
