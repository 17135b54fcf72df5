# case: args = --select gather_to_bounded --unsafe --scope function
# case: unchanged
import asyncio


async def main(count):
    events = [asyncio.Event() for _ in range(count)]
    queue = asyncio.Queue()

    async def set_all():
        for event in events:
            event.set()

    waiting = asyncio.gather(*[event.wait() for event in events])
    await set_all()
    print(await waiting)
    numbers = iter(range(count))
    print(await asyncio.gather(*[asyncio.sleep(0, next(numbers)) for event in events]))
    print(queue.empty())


asyncio.run(main(15))
