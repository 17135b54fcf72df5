# case: may stay
# case: expect = await load(1)
# `legacy` starts a loop of its own: below a running one that is an error.
import asyncio
import time


async def modern(n):
    await asyncio.sleep(0.001)
    return n * 2


def legacy(n):
    return asyncio.run(modern(n))


def load(n):
    time.sleep(0.001)
    return n


def main():
    print(load(1), legacy(2))


if __name__ == "__main__":
    main()
