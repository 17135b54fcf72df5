# case: args = --select gather_to_taskgroup
# case: unchanged
import asyncio
async def bad(): raise ValueError("boom")
async def main():
    try:
        await asyncio.gather(bad(), asyncio.sleep(0))
    except Exception as e:
        print(type(e).__name__, str(e), e.args)
asyncio.run(main())
