import time


def work(name):
    time.sleep(0.001)
    return f"worked on {name}"
