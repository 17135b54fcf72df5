# case: args = --select gather_to_taskgroup
# case: expect = asyncio.TaskGroup()
# case: reject = asyncio.gather
import asyncio
async def bad(): raise ValueError("deep")
async def row(): await asyncio.gather(bad(), asyncio.sleep(0))
async def main():
    try: await asyncio.gather(row(), asyncio.sleep(0))
    except ValueError as e: print(repr(e))
asyncio.run(main())
