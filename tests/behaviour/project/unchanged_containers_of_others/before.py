# case: args = --scope project --seed all --select requests_to_httpx,open_to_aiofiles,time_sleep_to_asyncio
# case: unchanged
# Something that stays sync is in each of them, or one of them goes where nobody awaits.
import atexit
import dataclasses
import time
from concurrent.futures import ThreadPoolExecutor


def load_0(x):
    time.sleep(0.001)
    return x


def load_1(x):
    time.sleep(0.001)
    return x


def load_2(x):
    time.sleep(0.001)
    return x


def load_3(x):
    time.sleep(0.001)
    return x


def load_4(x):
    time.sleep(0.001)
    return x


def load_5(x):
    time.sleep(0.001)
    return x


def load_6(x):
    time.sleep(0.001)
    return x


def load_7(x):
    time.sleep(0.001)
    return x


def bye():
    time.sleep(0.001)
    print("bye")


def give():
    time.sleep(0.001)
    return 2


@dataclasses.dataclass
class Job:
    callback: object

    def run(self):
        return self.callback(1)


NAMES = {load_0: "load_0", len: "len"}
SET = {}


def main():
    for function, name in NAMES.items():
        print(name, function("a"))
    steps = []
    steps.append(load_1)
    steps += [str]
    print([step(1) for step in steps])
    SET.setdefault("a", load_2)
    SET.setdefault("b", str)
    print(SET["a"](1), SET["b"](2))
    two = [load_3, load_3]
    index = 1
    two[index] = str
    print([one(1) for one in two])
    three = [load_4, load_4]
    three[1:] = [str]
    print([one(1) for one in three])
    print(Job(load_5).run(), Job(str).run())
    match [load_6]:
        case [one]:
            print(one(1))
    table = {"a": load_7}
    print(table.get("b", lambda x: None)(1), table.get("a", load_7)(2))
    atexit.register(bye)
    with ThreadPoolExecutor(1) as pool:
        print(pool.submit(give).result(), give())


if __name__ == "__main__":
    main()
