# case: args = --scope project --seed all --select requests_to_httpx,open_to_aiofiles,time_sleep_to_asyncio
# case: unchanged
import threading
import time
from concurrent.futures import ThreadPoolExecutor

done = []


def work(n):
    time.sleep(0.001)
    done.append(n)
    return n


def later():
    work("later")


class Worker(threading.Thread):
    def run(self):
        work("worker")


def main():
    threads = [threading.Thread(target=work, args=(1,)), Worker(), threading.Timer(0.001, later)]
    for thread in threads:
        thread.start()
        thread.join()
    with ThreadPoolExecutor(1) as pool:
        print(pool.submit(work, 2).result(), list(pool.map(work, [3, 4])))
    work(5)
    print(done)


if __name__ == "__main__":
    main()
