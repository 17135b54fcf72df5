# case: expect = async with httpx.AsyncClient(base_url=BASE
# case: reject = httpx.Client(
import os

import httpx

BASE = os.environ["BASE"]


def load(paths):
    with httpx.Client(base_url=BASE, headers={"X-Case": "a"}, params={"p": "1"}) as client:
        client.headers["X-More"] = "b"
        for path in paths:
            response = client.get(path)
            data = response.json()
            print(data["path"], [value for key, value in data["headers"] if key.lower().startswith("x-")])
        return client.post("/echo", json={"a": [1, 2]}).json()["body"]


def main():
    print(load(["/echo", "/echo?q=1"]))


if __name__ == "__main__":
    main()
