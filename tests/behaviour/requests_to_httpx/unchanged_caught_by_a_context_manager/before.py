# case: args = --seed all --unsafe
# case: unchanged
import os
import requests
from errors import RETRIED, ApiError, translate
BASE = os.environ["BASE"]

def user(n):
    with translate():
        r = requests.get(f"{BASE}/user/{n}")
        r.raise_for_status()
        return r.json()["name"]

def drop():
    return requests.get(BASE + "/drop").status_code


def main():
    try:
        drop()
    except RETRIED:
        print("dropped")
    print(user(1))
    try:
        user(95)
    except ApiError as e:
        print("api", e)

if __name__ == "__main__":
    main()
