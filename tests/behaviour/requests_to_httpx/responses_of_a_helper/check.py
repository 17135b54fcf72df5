import requests


def describe(response: requests.Response):
    return f"{response.status_code} {response.reason} {response.url.rsplit('/', 1)[1]}"


def same(response) -> requests.Response:
    return response


def is_there(path):
    from before import fetch

    return bool(fetch(path))
