# case: expect = print(asyncio.run(poll(3)))
import time
def poll(n):
    for i in range(n):
        print("try", i)
        time.sleep(0.01)
    return n
print(poll(3))
