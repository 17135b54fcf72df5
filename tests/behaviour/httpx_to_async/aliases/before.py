# case: reject = Session(
# case: expect = AsyncClient(base_url=BASE)
import os

import httpx as web
from httpx import Client as Session, get, stream as open_stream
from httpx import HTTPError

BASE = os.environ["BASE"]


def load():
    with Session(base_url=BASE) as session:
        print(session.get("/echo").json()["path"])
    print(get(BASE + "/echo?x").json()["path"])
    with open_stream("GET", BASE + "/lines?n=2") as response:
        for line in response.iter_lines():
            print(line)
    print(web.delete(BASE + "/echo").json()["method"])


def main():
    load()
    try:
        get("http://127.0.0.1:9/")
    except HTTPError as error:
        print(type(error).__name__)


if __name__ == "__main__":
    main()
