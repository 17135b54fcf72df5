import time

import trio


async def tick(path):
    time.sleep(1)
    with open(path) as file:
        return file.read()


if __name__ == "__main__":
    trio.run(tick, "VERSION")
