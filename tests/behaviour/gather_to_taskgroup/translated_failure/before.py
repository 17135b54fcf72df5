# case: args = --select gather_to_taskgroup
# case: expect = raise eg.exceptions[0] from None
# case: reject = asyncio.gather
import asyncio


class UpdateFailed(Exception):
    pass


async def fetch(key):
    await asyncio.sleep(0)
    if key < 0:
        raise KeyError(key)
    return key


async def update(*keys):
    try:
        one, two = await asyncio.gather(fetch(keys[0]), fetch(keys[1]))
    except KeyError as error:
        raise UpdateFailed(repr(error)) from error
    return one, two


def retry(*types):
    def wrap(function):
        async def call():
            for attempt in range(2):
                try:
                    return await function()
                except types as error:
                    print("retry", attempt, repr(error))
        return call
    return wrap


@retry(UpdateFailed, ZeroDivisionError)
async def decorated():
    return await asyncio.gather(update(1, -2), update(3, 4))


async def background():
    await asyncio.gather(fetch(-1), fetch(2))


async def main():
    print(await update(1, 2))
    try:
        await update(-1, 2)
    except UpdateFailed as error:
        print(error, repr(error.__cause__))
    print(await decorated())
    task = asyncio.create_task(background())
    await asyncio.wait([task])
    print(repr(task.exception()))


asyncio.run(main())
