# case: exit = 2
# case: expect = raise SystemExit(asyncio.run(main(["a", "b"])))
import time


def main(argv):
    time.sleep(0.001)
    print("main", argv)
    return len(argv)


if __name__ == "__main__":
    raise SystemExit(main(["a", "b"]))
