# case: exit = 3
# case: expect = await asyncio.sleep(0.01)
import os

import httpx

BASE = os.environ["BASE"]


import time


def load(client: httpx.Client, path: str, tries: int = 3) -> httpx.Response:
    for attempt in range(tries):
        try:
            response = client.get(path, timeout=2)
            response.raise_for_status()
            return response
        except httpx.HTTPStatusError as error:
            print("try", attempt, error.response.status_code)
            time.sleep(0.01)
    raise SystemExit(3)


def main():
    with httpx.Client(base_url=BASE) as client:
        print(load(client, "/flaky?fail=2").json())
        load(client, "/status/500")


if __name__ == "__main__":
    main()
