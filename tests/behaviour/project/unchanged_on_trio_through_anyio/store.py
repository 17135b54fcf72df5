import time


def load(n):
    time.sleep(0)
    with open(__file__) as file:
        return file.readline().strip(), n


async def double(n):
    time.sleep(0)
    return load(n), 2 * n
