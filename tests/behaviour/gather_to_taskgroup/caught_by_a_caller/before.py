# case: args = --select gather_to_taskgroup
# case: expect = asyncio.TaskGroup()
# case: reject = asyncio.gather
import asyncio
async def ok(): await asyncio.sleep(.01)
async def bad(): raise ValueError("boom")
async def inner(): await asyncio.gather(ok(), bad())
async def main():
    try:
        await inner()
    except KeyError: print("key")
    except ValueError as e:
        print("value", e)
        return 1
    finally: print("fin")
print(asyncio.run(main()))
