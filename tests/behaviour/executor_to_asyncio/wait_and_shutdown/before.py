# case: expect = await asyncio.to_thread(wait, futures, return_when=FIRST_COMPLETED)
import asyncio
import time
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait


async def main():
    pool = ThreadPoolExecutor(2)
    futures = [pool.submit(time.sleep, 0.3), pool.submit(time.sleep, 0)]
    done, pending = wait(futures, return_when=FIRST_COMPLETED)
    print(len(done), len(pending))
    print(len(wait(futures).done), len(wait(futures, timeout=1)[1]))
    pool.shutdown()
    try:
        pool.submit(print)
    except RuntimeError:
        print("closed")


asyncio.run(main())
