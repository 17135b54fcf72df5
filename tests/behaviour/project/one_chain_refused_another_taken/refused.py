import time


def pause():
    time.sleep(0.001)


def measure(text):
    pause()
    return len(text)


def rank(text):
    return -measure(text)
