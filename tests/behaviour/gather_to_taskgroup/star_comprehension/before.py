# case: args = --select gather_to_taskgroup
# case: expect = asyncio.TaskGroup()
# case: reject = asyncio.gather
import asyncio
async def f(x): await asyncio.sleep(.01 * (3 - x)); return x * 10
async def main():
    r = await asyncio.gather(*[f(x) for x in range(4) if x != 1])
    print(r, type(r).__name__)
    r = await asyncio.gather(*(f(x) for x in range(3)), f(9))
    print(r)
    print(await asyncio.gather(*[]))
    print(await asyncio.gather(*map(f, [1, 2])))
asyncio.run(main())
