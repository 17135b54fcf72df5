# case: expect = await slow.run()
# case: reject = await quick.run()
# case: reject = await self.quick.run()
# case: keep quick.py
from quick import Quick
from slow import Slow


class Both:
    def __init__(self):
        self.quick = Quick()

    def run(self):
        return self.quick.run()


def main():
    quick, slow = Quick(), Slow()
    print(quick.run(), slow.run())
    print(Both().run())


if __name__ == "__main__":
    main()
