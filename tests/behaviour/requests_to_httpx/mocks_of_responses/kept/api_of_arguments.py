import requests


def find(url, query):
    return requests.get(url, params=query).json()
