# case: expect = await client.get(path)
import os

import httpx

BASE = os.environ["BASE"]


def fetch(client, path):
    return client.get(path).json()["path"]


def both(session=None):
    own = session or httpx.Client(base_url=BASE)
    try:
        return fetch(own, "/echo?a"), fetch(own, "/echo?b")
    finally:
        if session is None:
            own.close()


def main():
    print(both())
    with httpx.Client(base_url=BASE) as client:
        print(both(client), fetch(client, "/echo"))


if __name__ == "__main__":
    main()
