# case: expect = await asyncio.to_thread(blocking, 1, b=5)
# case: reject = get_running_loop
# case: reject = functools
import asyncio
import functools


def blocking(a, b=2):
    return a + b


async def main():
    loop = asyncio.get_running_loop()
    print(await loop.run_in_executor(None, blocking, 1))
    print(await loop.run_in_executor(None, lambda: blocking(1, b=5)))
    print(await loop.run_in_executor(None, functools.partial(blocking, 1, b=7)))


asyncio.run(main())
