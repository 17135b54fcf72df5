# case: reject = httpx.Client
import os

import httpx

BASE = os.environ["BASE"]


from typing import Optional, Union, cast


def load(client: Optional["httpx.Client"] = None) -> str:
    if isinstance(client, httpx.Client):
        print("given")
    own: httpx.Client = cast(httpx.Client, client) if client else httpx.Client(base_url=BASE)
    return own.get("/echo").json()["path"]


def main():
    print(load())
    with httpx.Client(base_url=BASE) as client:
        print(load(client), client is not None, not client)
        print(type(client).__name__.replace("Async", ""))


if __name__ == "__main__":
    main()
