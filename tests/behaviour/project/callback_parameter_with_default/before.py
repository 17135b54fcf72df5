# case: expect = await action(n)
# case: expect = async def save(
# case: expect = action=load
import time


def load(n):
    time.sleep(0.001)
    return f"load {n}"


def save(n):
    time.sleep(0.001)
    return f"save {n}"


def run(n, action=load):
    return action(n)


def main():
    print(run(1), run(2, save), run(3, action=load))


if __name__ == "__main__":
    main()
