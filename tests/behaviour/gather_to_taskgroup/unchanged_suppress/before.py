# case: args = --select gather_to_taskgroup
# case: unchanged
import asyncio, contextlib
async def bad(): raise ValueError
async def main():
    with contextlib.suppress(ValueError):
        await asyncio.gather(bad())
    print("on")
asyncio.run(main())
