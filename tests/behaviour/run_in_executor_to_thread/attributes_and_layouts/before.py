# case: expect = await asyncio.to_thread(self.add, 1, 2)
import asyncio


class Adder:
    def __init__(self, loop):
        self.loop = loop

    def add(self, *numbers):
        return sum(numbers)

    async def run(self):
        first = await self.loop.run_in_executor(None, self.add, 1, 2)
        second = await self.loop.run_in_executor(
            None,
            self.add,
            # three of them
            *(1, 2, 3),
        )
        third = await self.loop.run_in_executor(None, lambda: self.add(*range(4)))
        try:
            await asyncio.get_event_loop().run_in_executor(None, self.add, "a")
        except TypeError:
            print("TypeError")
        return first, second, third


async def main():
    print(await Adder(asyncio.get_running_loop()).run())


asyncio.run(main())
