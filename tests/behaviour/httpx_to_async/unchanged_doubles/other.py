from httpx import Client


def text():
    return Client().text
