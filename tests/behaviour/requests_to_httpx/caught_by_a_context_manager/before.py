# case: args = --seed all
# case: reject = import requests
# case: expect = except httpx.HTTPStatusError as e:
import os
from contextlib import contextmanager
import requests
BASE = os.environ["BASE"]

class ApiError(Exception):
    pass

@contextmanager
def translate():
    try:
        yield
    except requests.HTTPError as e:
        raise ApiError(f"http {e.response.status_code}") from e
    except requests.ConnectionError as e:
        raise ApiError("down") from e

def user(n):
    with translate():
        r = requests.get(f"{BASE}/user/{n}")
        r.raise_for_status()
        return r.json()["name"]

def drop():
    with translate():
        return requests.get(BASE + "/drop").text

def main():
    print(user(1))
    for f in (lambda: user(95), drop):
        try:
            f()
        except ApiError as e:
            print("api", e)

if __name__ == "__main__":
    main()
