# case: args = --select gather_to_taskgroup
# case: expect = tg.create_task(self.queue.get())
# case: reject = asyncio.gather
import asyncio


class Base:
    async def name(self):
        return "base"


class Worker(Base):
    def __init__(self, queue: asyncio.Queue):
        self.queue = queue
        self.event = asyncio.Event()

    async def wait(self):
        await self.event.wait()
        return "woken"

    async def wake(self):
        self.event.set()

    async def main(self):
        await self.queue.put("item")
        return await asyncio.gather(self.wait(), self.wake(), self.queue.get(), self.name(), asyncio.to_thread(len, "abc"))


async def main():
    worker = Worker(asyncio.Queue())
    print(await worker.main())
    first, second = await asyncio.gather(worker.name(), Base().name())
    print(first, second)


asyncio.run(main())
