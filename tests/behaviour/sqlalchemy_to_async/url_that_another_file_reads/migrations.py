from db import URL


def path():
    return URL.removeprefix("sqlite:///")
