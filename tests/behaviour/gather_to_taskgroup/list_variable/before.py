# case: args = --select gather_to_taskgroup
# case: expect = asyncio.TaskGroup()
# case: reject = asyncio.gather
import asyncio
async def f(x): await asyncio.sleep(0); return x
async def main():
    coros = []
    for i in range(3):
        if i != 1: coros.append(f(i))
    print(await asyncio.gather(*coros), len(coros))
asyncio.run(main())
