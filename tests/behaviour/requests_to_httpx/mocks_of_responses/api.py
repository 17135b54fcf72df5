import requests


class Gone(Exception):
    pass


def names(url, query):
    response = requests.get(url, params=query)
    return read(response)["names"]


def read(response):
    if not response.ok:
        raise Gone(response.reason)
    return response.json()
