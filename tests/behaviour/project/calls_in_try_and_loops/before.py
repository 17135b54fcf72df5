# case: expect = return await step(1)
# case: expect = while await step(3) != 3
# case: expect = await fail(
# case: expect = if await step(x) == 1
import time


def step(n):
    time.sleep(0.001)
    print("step", n)
    return n


def fail(n):
    time.sleep(0.001)
    raise ValueError(n)


def run():
    try:
        return step(1)
    except Exception:
        print("no")
    else:
        print("else")
    finally:
        step(2)


def loop():
    while step(3) != 3:
        pass
    else:
        print("while-else")
    for x in range(2):
        if step(x) == 1:
            continue
    try:
        fail(7)
    except ValueError as error:
        print("caught", error, step(8))
    else:
        print("not here")
    return run()


def wrap():
    # The call stands in the try: its error must be seen there, not by whoever awaits.
    try:
        return fail(9)
    except ValueError as error:
        return f"wrapped {error}"


def main():
    print(loop(), wrap())


if __name__ == "__main__":
    main()
