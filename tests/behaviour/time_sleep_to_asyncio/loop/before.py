# case: expect = asyncio.sleep(
# case: reject = time.sleep
import asyncio
import time


async def poll(n):
    for i in range(n):
        print("try", i)
        time.sleep(0.01)
    return n


print(asyncio.run(poll(3)))
