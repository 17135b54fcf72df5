# case: args = --select gather_to_taskgroup
# case: expect = asyncio.TaskGroup()
# case: reject = asyncio.gather
import asyncio
async def f(x): return x * 2
async def main():
    keys = ["a", "b"]
    print(dict(zip(keys, await asyncio.gather(*[f(i) for i in range(2)]))))
    for r in await asyncio.gather(f(1), f(2)):
        print(r)
    first = (await asyncio.gather(f(5), f(6)))[0]
    print(first, sum(await asyncio.gather(f(1), f(1))))
    if any(await asyncio.gather(f(0), f(1))): print("any")
asyncio.run(main())
