import requests


def remove(url, names):
    return requests.delete(url, json={"names": names}).status_code
