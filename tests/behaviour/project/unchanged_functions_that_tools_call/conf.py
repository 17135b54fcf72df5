import time

project = "shop"


def setup(sphinx):
    time.sleep(0.001)
    sphinx.append("conf")
