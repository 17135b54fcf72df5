# case: expect = await quick(1)
# case: expect = print(slow(2))
# case: expect kept.py = time.sleep(0.001)
# case: keep kept.py
# case: expect free.py = await asyncio.sleep(0.001)
from free import quick
from kept import slow


def show_kept():
    print(slow(2))


def show_free():
    print(quick(1))


if __name__ == "__main__":
    show_kept()
    show_free()
