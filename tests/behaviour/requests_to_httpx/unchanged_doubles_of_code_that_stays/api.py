import requests


def status(url):
    return requests.get(url).status_code


def upload(url, *parts):
    return requests.post(url, *parts).status_code


def send(url, parts):
    return upload(url, parts)
