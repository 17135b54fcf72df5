# case: args = --select gather_to_taskgroup
# case: unchanged
import asyncio
async def gives_up(): raise asyncio.CancelledError
async def main():
    try:
        await asyncio.gather(gives_up(), asyncio.sleep(0))
        print("fine")
    except asyncio.CancelledError: print("cancelled")
asyncio.run(main())
