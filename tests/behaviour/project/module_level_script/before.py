# case: expect = asyncio.run(poll(3))
# case: expect = await asyncio.sleep(0.001)
import time


def poll(n):
    for i in range(n):
        print("try", i)
        time.sleep(0.001)
    return n


print(poll(3))
