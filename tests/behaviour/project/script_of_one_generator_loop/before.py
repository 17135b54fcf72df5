# case: expect = async for row in rows(2):
# case: expect = asyncio.run(main())
# `asyncio.run` takes no async generator, so the loop moves into a function.
import time


def rows(n):
    for i in range(n):
        time.sleep(0.001)
        yield i


for row in rows(2):
    print(row)
