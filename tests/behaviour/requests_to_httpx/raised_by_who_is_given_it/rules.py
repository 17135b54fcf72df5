import requests


def check(response):
    if response.status_code == 404:
        response.raise_for_status()


def parse(response):
    return response.json()["id"]


def safely(response):
    try:
        check(response)
    except requests.RequestException as error:
        return type(error).__name__.removesuffix("Error").removesuffix("Status")
    return "fine"
