import time

waits = 0


def wait():
    global waits
    time.sleep(0.001)
    waits += 1
