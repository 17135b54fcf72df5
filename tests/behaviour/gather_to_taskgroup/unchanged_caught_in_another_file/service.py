import lib


async def refresh(*keys):
    return await lib.update(*keys)
