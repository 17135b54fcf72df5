# case: args = --select gather_to_taskgroup
# case: expect = asyncio.TaskGroup()
# case: reject = asyncio.gather
import asyncio
async def f(x, d=0): await asyncio.sleep(d); print("ran", x); return x
async def main():
    a, b = await asyncio.gather(f(1, .02), f(2, .01))
    print(a, b)
    [c, *rest] = await asyncio.gather(f(3), f(4), f(5))
    print(c, rest)
asyncio.run(main())
