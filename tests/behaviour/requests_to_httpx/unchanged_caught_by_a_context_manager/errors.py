from contextlib import contextmanager
import requests

class ApiError(Exception):
    pass

@contextmanager
def translate():
    try:
        yield
    except requests.HTTPError as e:
        raise ApiError(f"http {e.response.status_code}") from e


RETRIED = (requests.ConnectionError,)
