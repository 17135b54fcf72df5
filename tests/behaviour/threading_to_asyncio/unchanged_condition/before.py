# case: unchanged
import asyncio
import threading


async def main():
    changed = threading.Condition()
    with changed:
        print(changed.wait(0.01), changed.wait_for(lambda: True))
    lock = threading.RLock()
    print(lock.acquire(), lock.acquire())


asyncio.run(main())
