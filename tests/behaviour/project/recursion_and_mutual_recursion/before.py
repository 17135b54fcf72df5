# case: expect = await tree(n - 1)
# case: expect = await is_odd(n - 1)
# case: expect = await is_even(n - 1)
import time


def tree(n):
    if n == 0:
        time.sleep(0.001)
        return "."
    return [tree(n - 1), tree(n - 1)]


def is_even(n):
    return True if n == 0 else is_odd(n - 1)


def is_odd(n):
    if n == 0:
        time.sleep(0.001)
        return False
    return is_even(n - 1)


def main():
    print(tree(2), is_even(6), is_odd(4))


if __name__ == "__main__":
    main()
