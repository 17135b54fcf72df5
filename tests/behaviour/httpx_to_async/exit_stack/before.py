# case: expect = contextlib.AsyncExitStack()
import os

import httpx

BASE = os.environ["BASE"]


import contextlib


def main():
    with contextlib.ExitStack() as stack:
        client = stack.enter_context(httpx.Client(base_url=BASE))
        other = httpx.Client(base_url=BASE)
        stack.enter_context(other)
        print(client.get("/echo").json()["path"], other.get("/echo?o").json()["path"])
    print(client.is_closed, other.is_closed)


if __name__ == "__main__":
    main()
