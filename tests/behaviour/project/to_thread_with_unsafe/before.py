# case: args = --scope project --unsafe
# case: expect = await asyncio.to_thread(self.add, 2)
# case: expect = list(numbers())
# With `--unsafe` a thread runs what cannot be seen to be harmless; what it cannot run stays.
import asyncio
import time


def numbers():
    time.sleep(0.001)
    yield 1


class Counter:
    def __init__(self):
        self.n = 0

    def add(self, n):
        time.sleep(0.001)
        self.n += n
        return self.n

    def __bool__(self):
        return self.add(1) > 0

    async def twice(self):
        return self.add(2), self.add(2)


async def main():
    print(await Counter().twice(), bool(Counter()), list(numbers()))


TABLE = [numbers]
asyncio.run(main())
