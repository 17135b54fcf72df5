# case: args = --scope project --seed all --select requests_to_httpx,open_to_aiofiles,time_sleep_to_asyncio
# case: unchanged
# What an executor runs in a thread gives a coroutine that nobody awaits.
import concurrent.futures
import time


def load(n):
    time.sleep(0.001)
    return n * 2


def main():
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        first = pool.submit(load, 1)
        rest = pool.map(load, [2, 3])
        print(first.result(), list(rest))


if __name__ == "__main__":
    main()
