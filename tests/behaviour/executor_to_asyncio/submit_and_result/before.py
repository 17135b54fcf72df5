# case: expect = await asyncio.wrap_future(first)
import asyncio
from concurrent.futures import ThreadPoolExecutor, TimeoutError
from threading import Event


def work(a, b=0):
    if a < 0:
        raise ValueError(a)
    return a * b


async def main():
    with ThreadPoolExecutor(max_workers=20) as pool:
        first = pool.submit(work, 2, b=9)
        print(first.result(), pool.submit(work, 3, 4).result(), first.done())
        futures = [pool.submit(work, number, 2) for number in range(4)]
        print([future.result() for future in futures])
        failed = pool.submit(work, -1)
        try:
            failed.result()
        except ValueError as error:
            print("failed", error)
        print(repr(failed.exception()))
        go = Event()
        slow = pool.submit(go.wait)
        try:
            slow.result(timeout=0.01)
        except TimeoutError:
            print("late")
        go.set()
        print(slow.result())


asyncio.run(main())
