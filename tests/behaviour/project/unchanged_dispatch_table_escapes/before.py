# case: args = --scope project --seed all --select requests_to_httpx,open_to_aiofiles,time_sleep_to_asyncio
# case: unchanged
# Who reads the table elsewhere cannot be known: it is handed to code outside the project.
import time
from concurrent.futures import ThreadPoolExecutor


def load(n):
    time.sleep(0.001)
    return n * 2


STEPS = [load, abs]


def main():
    with ThreadPoolExecutor(1) as pool:
        print([future.result() for future in [pool.submit(step, -3) for step in STEPS]])


if __name__ == "__main__":
    main()
