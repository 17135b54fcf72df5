# case: expect = a = asyncio.create_task(f(1))
# case: expect = b = asyncio.create_task(f(2))
# case: reject = get_event_loop
import asyncio


async def f(x):
    await asyncio.sleep(0)
    return x


async def main():
    a = asyncio.ensure_future(f(1))
    b = asyncio.get_event_loop().create_task(f(2))
    loop = asyncio.get_event_loop()
    c = loop.create_task(f(3))
    print(await a, await b, await c, isinstance(a, asyncio.Task))


asyncio.run(main())
