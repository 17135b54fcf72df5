# case: unchanged
# Which `load` the calls meet depends on the environment: only one of them blocks, and the other is not of the project.
import time

try:
    from fast_loader_that_is_not_installed import load
except ImportError:

    def load(n):
        time.sleep(0.001)
        return n


def main():
    print(load(1))


if __name__ == "__main__":
    main()
