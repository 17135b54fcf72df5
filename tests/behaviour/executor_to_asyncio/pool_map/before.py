# case: args = --seed all --unsafe
# case: expect = await asyncio.to_thread(list, ex.map(work, [1, 2, 3], [4, 5, 6]))
from concurrent.futures import ThreadPoolExecutor


def work(a, b):
    return a * b


def main():
    with ThreadPoolExecutor(max_workers=4) as ex:
        print(list(ex.map(work, [1, 2, 3], [4, 5, 6])))
        for r in ex.map(str, range(3)):
            print(r)


main()
