# case: expect = asyncio.run(
# case: expect = await run(2)
import sys
import time


def run(n):
    time.sleep(0.001)
    return ["run"] * n


def entry():
    if len(sys.argv) > 1:
        print(run(1))
    else:
        print(run(2))


if __name__ == "__main__":
    try:
        entry()
    except KeyboardInterrupt:
        print("stopped")
    finally:
        print("end")
