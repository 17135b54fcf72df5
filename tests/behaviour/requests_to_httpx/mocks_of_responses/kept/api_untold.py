import requests


def is_there(url):
    return bool(requests.get(url).ok)
