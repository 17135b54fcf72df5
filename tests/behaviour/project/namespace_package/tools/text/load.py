import time


def words(line):
    time.sleep(0.001)
    return line.split()
