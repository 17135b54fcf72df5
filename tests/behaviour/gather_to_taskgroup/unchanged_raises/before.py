# case: args = --select gather_to_taskgroup
# case: unchanged
import asyncio
import contextlib


async def fails():
    raise ValueError("one")


async def marks(log):
    await asyncio.sleep(0)
    log.append("done")


class Raises:
    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        return kind is ValueError


def raises(kind):
    return Raises()


async def main():
    log = []
    with raises(ValueError):
        await asyncio.gather(fails(), marks(log))
    with contextlib.suppress(ValueError):
        await asyncio.gather(fails(), marks(log))
    await asyncio.sleep(0.01)
    print(log)


asyncio.run(main())
