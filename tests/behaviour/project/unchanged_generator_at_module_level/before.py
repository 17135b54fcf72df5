# case: unchanged
# `asyncio.run` takes no async generator.
import time


def rows(n):
    for i in range(n):
        time.sleep(0.001)
        yield i


for row in rows(2):
    print(row)
