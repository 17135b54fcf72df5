# case: args = --scope project --seed all --unsafe
# case: expect = async with await Pool.create(2) as pool, await Pool.create() as other:
# case: expect = for n in await Numbers.create(3):
# case: expect pool.py = this = cls.__new__(cls)
# case: expect pool.py = return this
from pool import Numbers, Pool


def main():
    with Pool(2) as pool, Pool() as other:
        print(pool.size, other.size)
    for n in Numbers(3):
        print(n)
    print(*Numbers(2), [Numbers(n).n for n in (0, 1)])


if __name__ == "__main__":
    main()
