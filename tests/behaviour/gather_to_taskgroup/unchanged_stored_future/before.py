# case: args = --select gather_to_taskgroup
# case: unchanged
import asyncio
async def f(x): await asyncio.sleep(.02); print("task", x); return x
async def main():
    fut = asyncio.gather(f(1), f(2))
    await asyncio.sleep(.001); print("meanwhile")
    print(fut.done(), await fut)
asyncio.run(main())
