import time


def ping(where):
    time.sleep(0.001)
    print("ping", where)


def other():
    time.sleep(0.001)
