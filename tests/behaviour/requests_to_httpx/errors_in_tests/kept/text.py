import requests


def page(url):
    response = requests.get(url)
    response.raise_for_status()
    return response.text
