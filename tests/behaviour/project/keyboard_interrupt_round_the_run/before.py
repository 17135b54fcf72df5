# case: expect = async def main(
# case: expect =     asyncio.run(main())
# The handler stays outside of `asyncio.run`, where KeyboardInterrupt arrives.
import os
import signal
import time


def work(n):
    try:
        time.sleep(0.001)
        if n == 2:
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(5)
        print("worked", n)
    finally:
        print("cleaned", n)


def main():
    for n in range(4):
        work(n)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        print("interrupted")
