# case: expect = await action(
# case: expect = await self.on_done(
# case: expect = await apply(double, 3)
import time


def double(x):
    time.sleep(0.001)
    return x * 2


def triple(x):
    time.sleep(0.001)
    return x * 3


def apply(action, x):
    return action(x) + 1


class Job:
    def __init__(self, on_done):
        self.on_done = on_done

    def run(self, x):
        return self.on_done(x)


def main():
    print(apply(double, 3), apply(action=triple, x=4), Job(double).run(5))


if __name__ == "__main__":
    main()
