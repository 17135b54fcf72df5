# case: args = --select gather_to_taskgroup
# case: unchanged
import asyncio


async def f(x):
    print("run", x)
    return x


async def main(flag):
    print((await asyncio.gather(f(1), f(2))) if flag else None)
    print([await asyncio.gather(f(x), f(x)) for x in range(2)])
    if flag:
        pass
    elif await asyncio.gather(f(3), f(4)):
        print("elif")
    assert True, await asyncio.gather(f(5), f(6))
    turns = 0
    while turns < 2 and await asyncio.gather(f(turns), f(7)):
        turns += 1

    def later(values=flag or [asyncio.sleep]):
        return values

    print(len(later()))
    print(None or (await asyncio.gather(f(8), f(9)))[0])


asyncio.run(main(False))
