# case: args = --scope project --seed all --select requests_to_httpx,open_to_aiofiles,time_sleep_to_asyncio
# case: unchanged
# It blocks nobody there, and a thread would drop its coroutine.
import asyncio
import time


def load(n):
    return wait(n)


def wait(n):
    time.sleep(0.001)
    return n


async def main():
    loop = asyncio.get_running_loop()
    print(await asyncio.to_thread(load, 1), await loop.run_in_executor(None, load, 2))


asyncio.run(main())
