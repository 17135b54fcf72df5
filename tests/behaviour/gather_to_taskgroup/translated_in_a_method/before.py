# case: args = --select gather_to_taskgroup
# case: expect = except BaseExceptionGroup
import asyncio


async def fetch(key):
    await asyncio.sleep(0)
    if key < 0:
        raise KeyError(key)
    return key


class Worker:
    async def refresh_all(self):
        await asyncio.gather(fetch(-1), fetch(2))


async def main():
    worker = Worker()
    task = asyncio.create_task(worker.refresh_all())
    await asyncio.wait([task])
    print(repr(task.exception()))


asyncio.run(main())
