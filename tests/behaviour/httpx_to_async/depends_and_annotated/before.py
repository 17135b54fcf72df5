# case: may stay
import os
from collections.abc import Iterator

import httpx

BASE = os.environ["BASE"]


def get_client() -> Iterator[httpx.Client]:
    with httpx.Client(base_url=BASE) as client:
        yield client


def main():
    for client in get_client():
        print(client.get("/echo").status_code)


if __name__ == "__main__":
    main()
