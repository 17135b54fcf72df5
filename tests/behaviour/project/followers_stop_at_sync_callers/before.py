# case: args = --scope project
# case: expect = async def follows(
# case: expect = async def through(
# case: expect = await asyncio.to_thread(shared, 1)
# case: expect = await asyncio.to_thread(Shape().area, 2)
# case: expect = await asyncio.to_thread(pinned)
# case: reject = async def shared(
# case: reject = async def area(
# case: reject = async def pinned(
# case: reject = async def alone(
# What sync code calls as well, whatever it is, stays as it is.
import asyncio
import time


def follows():
    time.sleep(0.001)
    return 1


def through():
    return follows() + 1


def shared(n):
    time.sleep(0.001)
    return n


class Shape:
    def area(self, n):
        time.sleep(0.001)
        return n * 2


class Square(Shape):
    def area(self, n):
        time.sleep(0.001)
        return n * 3

    @property
    def size(self):
        return self.area(1)


def pinned():  # awaitify: keep-sync
    time.sleep(0.001)
    return 4


def alone(n):
    time.sleep(0.001)
    return n and alone(n - 1)


async def main():
    print(through(), shared(1), Shape().area(2), Square().size, pinned())


print(shared(5))
asyncio.run(main())
