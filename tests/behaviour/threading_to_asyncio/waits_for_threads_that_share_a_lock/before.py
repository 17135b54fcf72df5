# The function is async already: a lock that the threads share is no reason to stop the event loop.
# case: expect = await asyncio.to_thread(thread.join)
import asyncio
import threading

lock = threading.Lock()
order = []


def save(x):
    with lock:
        order.append(x)


async def tick():
    for _ in range(3):
        await asyncio.sleep(0)
    return "ticked"


async def main():
    other = asyncio.create_task(tick())
    threads = [threading.Thread(target=save, args=(i,)) for i in range(3)]
    for thread in threads:
        thread.start()
        thread.join()
    print(order, await other)


asyncio.run(main())
