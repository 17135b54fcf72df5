import time


def load():
    time.sleep(0.001)
    return {"a": 1}


CONFIG = load()


class Settings:
    data = load()


def get(default=load()):
    return default
