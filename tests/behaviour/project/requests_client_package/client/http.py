import os

import requests

from .errors import NotFound

BASE = os.environ["BASE"]


def get(path):
    try:
        response = requests.get(BASE + path)
        response.raise_for_status()
    except requests.HTTPError as error:
        raise NotFound(path) from error
    return response.json()
