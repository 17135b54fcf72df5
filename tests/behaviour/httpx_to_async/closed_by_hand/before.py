# case: expect = await client.aclose()
import os

import httpx

BASE = os.environ["BASE"]


def load():
    client = httpx.Client(timeout=3)
    try:
        response = client.put(BASE + "/echo", content=b"bytes")
        print(response.json()["method"], response.json()["body"])
    finally:
        client.close()
    print(client.is_closed)
    try:
        client.get(BASE + "/echo")
    except RuntimeError as error:
        print(error)


def main():
    load()


if __name__ == "__main__":
    main()
