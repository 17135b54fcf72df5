# case: args = --scope project --seed all --config awaitify.toml
# case: expect = asyncio.run(work(limit))
# case: expect = async def work(
# case: reject = async def _main(
# case: reject = async def listen(
# Round the one call of an entry point the handler stays; a body that handles it between awaited calls is left.
import os
import signal
import time


def work(limit):
    for n in range(limit):
        time.sleep(0.001)
        if n == 2:
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(5)
        print("worked", n)


def main():
    limit = 4
    try:
        work(limit)
    except KeyboardInterrupt:
        print("interrupted")
        return 1
    return 0


def listen():
    for n in range(3):
        try:
            time.sleep(0.001)
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(5)
        except (KeyboardInterrupt, EOFError):
            print("again", n)


if __name__ == "__main__":
    listen()
    print(main())
