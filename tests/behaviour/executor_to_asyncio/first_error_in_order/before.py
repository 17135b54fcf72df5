# case: expect = await asyncio.to_thread(list, pool.map(work, range(4)))
import asyncio
import time
from concurrent.futures import ThreadPoolExecutor


def work(number):
    time.sleep(0.1 if number == 1 else 0)
    if number in (1, 2):
        raise ValueError(number)
    return number


async def main():
    with ThreadPoolExecutor(4) as pool:
        try:
            print(list(pool.map(work, range(4))))
        except ValueError as error:
            print("first", error)
        print(sum(pool.map(abs, [-1, -2])), max(pool.map(len, ["a", "bb"])))


asyncio.run(main())
