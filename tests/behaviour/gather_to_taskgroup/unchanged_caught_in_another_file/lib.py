import asyncio


async def fetch(key):
    await asyncio.sleep(0)
    if key < 0:
        raise KeyError(key)
    return key


async def update(*keys):
    one, two = await asyncio.gather(fetch(keys[0]), fetch(keys[1]))
    return one, two
