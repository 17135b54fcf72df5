# case: unchanged
import operator
import time


class Job:
    def run(self):
        time.sleep(0.001)
        return "ran"


def main():
    print(list(map(operator.methodcaller("run"), [Job(), Job()])))


if __name__ == "__main__":
    main()
