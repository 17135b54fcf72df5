# case: args = --seed all --unsafe --select requests_to_httpx
# case: unchanged
# A class of the project derives from an exception of requests, which the handlers wait for as well.
import os

import requests

BASE = os.environ["BASE"]


class ApiError(requests.RequestException):
    pass


class NoToken(ApiError):
    pass


def get(path):
    response = requests.get(BASE + path)
    if response.status_code == 401:
        raise NoToken("token")
    return response.json()


def main():
    for path in ("/user/1", "/status/401", "/drop"):
        try:
            print(get(path))
        except requests.RequestException as error:
            print("failed", isinstance(error, ApiError))


if __name__ == "__main__":
    main()
