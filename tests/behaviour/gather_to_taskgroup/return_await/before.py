# case: args = --select gather_to_taskgroup
# case: expect = asyncio.TaskGroup()
# case: reject = asyncio.gather
import asyncio
async def f(x): return x
async def pair(): return await asyncio.gather(f(1), f(2))
async def many(n):
    return await asyncio.gather(*[f(i) for i in range(n)])
async def main(): print(await pair(), await many(3), (await pair()) == [1, 2])
asyncio.run(main())
