# case: expect = await asyncio.to_thread(timer.join)
# case: expect = await asyncio.to_thread(worker.join, 5)
import asyncio
import threading


class Worker(threading.Thread):
    def run(self):
        self.result = 42


async def main():
    worker = Worker()
    worker.start()
    worker.join(5)
    print(worker.result)
    timer = threading.Timer(0.01, print, ["job"])
    timer.start()
    timer.join()
    threads = []
    for number in range(3):
        thread = threading.Thread(target=str, args=(number,))
        thread.start()
        threads.append(thread)
    for thread in threads:
        thread.join()
    print([thread.is_alive() for thread in threads])


asyncio.run(main())
