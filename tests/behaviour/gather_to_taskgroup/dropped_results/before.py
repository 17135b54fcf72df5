# case: args = --select gather_to_taskgroup
# case: expect = for coro in (visit(name) for name in reversed(names)):
# case: expect = tg.create_task(coro)
# case: reject = asyncio.gather
import asyncio


async def visit(name, pause=0):
    print("start", name)
    await asyncio.sleep(pause)
    print("end", name)


async def main(names):
    await asyncio.gather(
        *[
            visit(
                name,
                pause=0.01 * index,
            )
            for index, name in enumerate(names)
            if name != "skip"
        ],
        visit("last"),  # no pause
    )
    for name in names:
        await asyncio.gather(*(visit(name) for name in reversed(names)))
        print("round", name)
    if names: await asyncio.gather(visit("x"), visit("y")); print("after")
    await asyncio.gather(*[])
    await asyncio.gather(*map(visit, names))


asyncio.run(main(["a", "skip", "b"]))
