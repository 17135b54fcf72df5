# case: unchanged
import atexit
import time


def helper(text):
    time.sleep(0.001)
    return text


@atexit.register
def goodbye():
    print(helper("goodbye"))


def main():
    print("end of main")


if __name__ == "__main__":
    main()
