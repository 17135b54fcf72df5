# case: args = --unsafe
# case: expect = @contextlib.asynccontextmanager
import os

import httpx

BASE = os.environ["BASE"]


import contextlib


@contextlib.contextmanager
def session(name):
    with httpx.Client(base_url=BASE, headers={"X-Name": name}) as client:
        print("open")
        yield client
    print("closed")


def main():
    with session("n") as client:
        print(dict(client.get("/echo").json()["headers"])["X-Name"])


if __name__ == "__main__":
    main()
