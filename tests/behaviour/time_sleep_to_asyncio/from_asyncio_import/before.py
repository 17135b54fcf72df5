# case: reject = import sleep, time
from asyncio import run
from time import sleep, time


async def slow():
    sleep(0.01)
    print("slept")
    return time() > 0


if __name__ == "__main__":
    print(run(slow()))
