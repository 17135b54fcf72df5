# case: expect = httpx.AsyncHTTPTransport(retries=1)
# case: expect = transport: httpx.AsyncBaseTransport | None
import os

import httpx

BASE = os.environ["BASE"]


def handler(request):
    return httpx.Response(200, json={"url": str(request.url)})


def make(transport: httpx.BaseTransport | None = None) -> httpx.Client:
    return httpx.Client(base_url="http://test", transport=transport)


def main():
    with make(httpx.MockTransport(handler)) as client:
        print(client.get("/a").json())
    with httpx.Client(transport=httpx.HTTPTransport(retries=1), mounts={"http://mock": httpx.MockTransport(handler), "all://none": None}) as client:
        print(client.get(BASE + "/echo").json()["path"], client.get("http://mock/b").json())


if __name__ == "__main__":
    main()
