# case: args = --seed all --unsafe --select requests_to_httpx
# case: unchanged
# What is caught goes to code that asks for the class of it: by `isinstance`, in a table, in `__exit__`, in a `match`.
import os

import requests

BASE = os.environ["BASE"]
NAMES = {requests.HTTPError: "http", requests.ConnectionError: "connection"}
RETRIED = (requests.ConnectionError, requests.Timeout)


def describe(error):
    if isinstance(error, requests.exceptions.HTTPError):
        return f"http {error.response.status_code}"
    return "network" if isinstance(error, (requests.ConnectionError, requests.Timeout)) else "unknown"


def by_table(error):
    return next((name for class_, name in NAMES.items() if isinstance(error, class_)), "other")


def by_match(error):
    match error:
        case requests.HTTPError():
            return "http"
        case _:
            return "other"


class Guard:
    def __init__(self):
        self.seen = []

    def __enter__(self):
        return self

    def __exit__(self, exc_type, exc, traceback):
        self.seen.append(exc_type is requests.HTTPError)
        return exc_type is not None and issubclass(exc_type, requests.RequestException)


def status(path):
    try:
        response = requests.get(BASE + path)
        response.raise_for_status()
        return response.status_code
    except Exception as error:
        return describe(error), by_table(error), by_match(error)


def guarded(path):
    guard = Guard()
    with guard:
        requests.post(BASE + path).raise_for_status()
    return guard.seen


def load(path):
    return requests.put(BASE + path).status_code


def retried(path):
    for attempt in range(2):
        try:
            return load(path)
        except Exception as error:
            if not isinstance(error, RETRIED):
                raise
            print("again", attempt)


def main():
    print(status("/user/1"), status("/status/404"), status("/drop"))
    print(guarded("/echo"), guarded("/status/500"), guarded("/drop"))
    print(retried("/user/1"), retried("/drop"))


if __name__ == "__main__":
    main()
