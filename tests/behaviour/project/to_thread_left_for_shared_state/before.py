# case: args = --scope project
# case: expect = await asyncio.to_thread(plain)
# case: reject = asyncio.to_thread(count
# case: reject = asyncio.to_thread(keep
# case: reject = asyncio.to_thread(fill
# case: reject = asyncio.to_thread(own
# case: reject = asyncio.to_thread(call
# case: reject = asyncio.to_thread(through
# case: reject = asyncio.to_thread(inner
# case: reject = asyncio.to_thread(numbers
# case: reject = asyncio.to_thread(ends
# case: reject = asyncio.to_thread(counter.
# Where a thread may touch what other code uses meanwhile, the call stays.
import asyncio
import threading
import time

COUNT = 0
KEPT = {}
LOCAL = threading.local()
LOCAL.name = "main"


def plain():
    time.sleep(0.001)
    return "plain"


def count():
    global COUNT
    time.sleep(0.001)
    COUNT += 1
    return COUNT


def keep(key):
    time.sleep(0.001)
    return KEPT.setdefault(key, 1)


def fill(items):
    time.sleep(0.001)
    inner = [items]
    inner[0].append(1)
    return items


def own():
    time.sleep(0.001)
    return LOCAL.name


def call(function):
    time.sleep(0.001)
    return function()


def through():
    return count()


def inner():
    seen = []

    def note():
        nonlocal seen
        seen = [1]

    time.sleep(0.001)
    note()
    return seen


def numbers():
    time.sleep(0.001)
    yield 1


def ends():
    time.sleep(0.001)
    raise StopIteration


class Counter:
    def __init__(self):
        self.n = 0

    def add(self):
        time.sleep(0.001)
        return self.n

    def __bool__(self):
        return self.add() > 0


class Loud(Counter):
    def add(self):
        self.n += 1
        return self.n


TABLE = [plain, count, keep, fill, own, call, through, inner, numbers, ends]


async def main():
    counter = Loud()
    print(plain(), count(), keep("a"), fill([]), own(), call(lambda: 2), through(), inner())
    print(list(numbers()), counter.add(), bool(counter))
    try:
        ends()
    except RuntimeError:
        print("no")
    except StopIteration:
        print("stop")


try:
    asyncio.run(main())
except RuntimeError as error:
    print(error)
print(len(TABLE))
