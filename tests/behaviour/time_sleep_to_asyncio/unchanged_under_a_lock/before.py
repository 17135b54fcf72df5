# case: unchanged
# With an await under the lock, the second task would block the loop for good.
import asyncio
import threading
import time

guard = threading.Lock()


async def worker(name):
    with guard:
        print("in", name)
        time.sleep(0.01)
        print("out", name)


async def main():
    await asyncio.gather(worker("a"), worker("b"))


asyncio.run(main())
