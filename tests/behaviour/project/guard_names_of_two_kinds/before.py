# case: expect = await asyncio.to_thread(pool.map, double, [1, 2])
# case: expect = await asyncio.to_thread(list, pool.map(double, [3]))
# A name of a main guard that holds two things is each of them in its turn.
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.pool import ThreadPool
from time import sleep


def double(n):
    return n * 2


if __name__ == "__main__":
    sleep(0.001)
    pool = ThreadPool(2)
    print(pool.map(double, [1, 2]))
    pool.close()
    with ThreadPoolExecutor(2) as pool:
        print(list(pool.map(double, [3])))
