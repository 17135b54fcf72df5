from typing import Optional

from requests import Response

from api import Api


def show(response: Optional[Response] = None):
    if response is None:
        return "nothing"
    return response.ok, response.reason, isinstance(response, Response)


def last(api: Api):
    return api.history.status_code, api.history.url.rsplit("/", 1)[1], bool(api.history)
