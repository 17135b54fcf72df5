import time


def double(number):
    time.sleep(0.001)
    return number * 2
