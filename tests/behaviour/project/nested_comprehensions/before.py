# case: expect = await f(j)
import time


def f(x):
    time.sleep(0.001)
    return x


def main():
    print([[f(j) for j in range(i)] for i in range(3)])
    print({i: [f(j) for j in range(i) if f(j)] for i in range(3)})


if __name__ == "__main__":
    main()
