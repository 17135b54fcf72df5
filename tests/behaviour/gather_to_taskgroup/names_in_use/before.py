# case: args = --select gather_to_taskgroup
# case: expect = running_2
# case: expect = tg_2
# case: reject = gather(
from asyncio import gather, run, sleep

coro = "module"


async def give(value):
    await sleep(0)
    return value


async def main(tg, tasks):
    a_task = "mine"
    a, b = await gather(give(1), give(2))
    values = await gather(*[give(t) for t in tasks])
    coros = [give(value) for value in values]
    await gather(*coros)
    print(tg, tasks, a_task, a, b, values, coro)
    pair = [await gather(give(3), give(4))]
    print(pair, await gather(give(5), give(6)), [value for value in await gather(give(7), give(8))])


run(main("tg", [1, 2, 3]))
