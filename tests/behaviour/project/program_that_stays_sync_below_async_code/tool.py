import time


def weigh(n):
    time.sleep(0.001)
    return n * 2


class Box:
    def __len__(self):
        return weigh(2)


def main():
    print(weigh(3), len(Box()))
