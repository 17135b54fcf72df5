# case: args = --target-version 3.11 --select wait_for_to_timeout
# case: expect = async with asyncio.timeout(0.01):
import asyncio


async def main():
    event = asyncio.Event()
    try:
        await asyncio.wait_for(event.wait(), 0.01)
    except asyncio.TimeoutError:
        print("late", event.is_set())


asyncio.run(main())
