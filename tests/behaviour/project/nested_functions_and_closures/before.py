# case: expect = await step(
# case: expect = out.append(await body())
# case: expect = nonlocal total
# case: expect = async def step(
import time


def run(numbers):
    total = 0
    out = []

    def step(n):
        nonlocal total
        time.sleep(0.001)
        total += n
        return total

    for n in numbers:

        def body():
            return n, step(n)

        out.append(body())

    def unused():
        return "sync"

    return out, total, unused()


def main():
    print(run([1, 2, 3]))


if __name__ == "__main__":
    main()
