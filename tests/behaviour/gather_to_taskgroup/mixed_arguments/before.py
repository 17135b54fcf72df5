# case: args = --select gather_to_taskgroup
# case: expect = tasks = [*[tg.create_task(f(x)) for x in range(3)], tg.create_task(g())]
# case: reject = asyncio.gather
import asyncio


async def f(x):
    await asyncio.sleep(0)
    return x * 10


async def g():
    return "g"


class Limited:
    def __init__(self, most):
        self.semaphore = asyncio.Semaphore(most)

    async def one(self, x):
        async with self.semaphore:
            await asyncio.sleep(0)
            return x

    async def all(self, xs):
        return await asyncio.gather(*[self.one(x) for x in xs])


async def main():
    print(await asyncio.gather(*(f(x) for x in range(3)), g()))
    print(await asyncio.gather(g(), *map(f, [3, 4]), f(5)))
    print(await asyncio.gather(*[f(1), f(2)]))
    coros = []
    for x in range(3):
        coros.append(f(x))
    coros.extend([g()])
    if coros:
        print(await asyncio.gather(*coros))
    print(await Limited(2).all(range(5)))


asyncio.run(main())
