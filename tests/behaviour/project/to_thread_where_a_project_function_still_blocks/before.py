# case: expect = await asyncio.to_thread(key, "bb")
# case: expect = sorted(names, key=key)
# case: expect = await load(
# case: reject = async def key(
# `key` is a sort key elsewhere, and cannot turn async.
import asyncio
import time


def key(name):
    time.sleep(0.001)
    return len(name)


def load(n):
    time.sleep(0.001)
    return n + 1


def order(names):
    return sorted(names, key=key)


async def main():
    print(key("bb"), load(1))


print(order(["ccc", "a", "bb"]))
asyncio.run(main())
