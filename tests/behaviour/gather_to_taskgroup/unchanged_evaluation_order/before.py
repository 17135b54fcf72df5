# case: args = --select gather_to_taskgroup
# case: unchanged
import asyncio


class Counter:
    count = 0

    async def add(self):
        self.count += 1
        return self.count

    async def main(self):
        print(self.count, await asyncio.gather(self.add(), self.add()))
        self.count += sum(await asyncio.gather(self.add(), self.add()))
        print(self.count)
        await asyncio.gather(self.take(self.count), self.take(await self.add()))

    async def take(self, value):
        print("take", value)


asyncio.run(Counter().main())
