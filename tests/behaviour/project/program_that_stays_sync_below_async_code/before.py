# `main` would run a loop if `weigh` turned async, but `__len__` keeps that as it is: so `run` may call it.
# case: expect = async def run
# case: expect = asyncio.sleep(0.001)
# case: reject tool.py = async
import time

from tool import main


def run():
    time.sleep(0.001)
    main()


if __name__ == "__main__":
    run()
