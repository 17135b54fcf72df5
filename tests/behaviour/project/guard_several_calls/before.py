# case: expect = await load(1)
# case: expect = await load(2)
# case: expect = await save(
# case: expect = asyncio.run(
import time

saved = []


def load(n):
    time.sleep(0.001)
    return n * 10


def save(value):
    time.sleep(0.001)
    saved.append(value)


if __name__ == "__main__":
    first = load(1)
    for value in (first, load(2)):
        save(value)
    print("saved", saved)
