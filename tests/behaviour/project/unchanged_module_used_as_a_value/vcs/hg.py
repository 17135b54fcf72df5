import time


def tracked():
    time.sleep(0.001)
    return ["c.py"]
