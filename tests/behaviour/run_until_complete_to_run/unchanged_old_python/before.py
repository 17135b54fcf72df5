# case: args = --target-version 3.10
# case: unchanged
import asyncio


async def make():
    return asyncio.get_running_loop().create_task(asyncio.sleep(.01, "bg"))


async def use(t):
    return await t


loop = asyncio.new_event_loop()
t = loop.run_until_complete(make())
print(loop.run_until_complete(use(t)))
loop.close()
