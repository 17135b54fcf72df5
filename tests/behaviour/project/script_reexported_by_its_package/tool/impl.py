import time


def start():
    for n in range(2):
        time.sleep(0.001)
        print(n)
