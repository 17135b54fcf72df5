# case: expect = await asyncio.to_thread(wait, futures, return_when=FIRST_COMPLETED)
import asyncio
import threading
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait


async def main():
    pool = ThreadPoolExecutor(2)
    go = threading.Event()
    futures = [pool.submit(go.wait), pool.submit(int)]
    done, pending = wait(futures, return_when=FIRST_COMPLETED)
    print(len(done), len(pending))
    go.set()
    print(len(wait(futures).done), len(wait(futures, timeout=60)[1]))
    pool.shutdown()
    try:
        pool.submit(print)
    except RuntimeError:
        print("closed")


asyncio.run(main())
