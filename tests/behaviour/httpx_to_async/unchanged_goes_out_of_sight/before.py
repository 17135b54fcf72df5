# case: unchanged
import os

import httpx

BASE = os.environ["BASE"]


import functools
import threading


def by_value():
    client = httpx.Client(base_url=BASE)
    fetch = client.get
    return fetch("/echo").status_code


def by_partial():
    client = httpx.Client(base_url=BASE)
    return functools.partial(client.request, "GET")("/echo").status_code


def in_list():
    clients = [httpx.Client(base_url=BASE)]
    return clients[0].get("/echo").status_code


def hooks():
    seen = []
    with httpx.Client(base_url=BASE, event_hooks={"response": [seen.append]}) as client:
        client.get("/echo")
    return len(seen)


def threads():
    client = httpx.Client(base_url=BASE)
    found = []
    thread = threading.Thread(target=lambda: found.append(client.get("/echo").status_code))
    thread.start()
    thread.join()
    return found


def body():
    with httpx.Client(base_url=BASE) as client:
        return client.post("/echo", content=(part for part in [b"a", b"b"])).json()["body"]


class Token(httpx.Auth):
    def sync_auth_flow(self, request):
        request.headers["X-T"] = "1"
        yield request


def main():
    print(by_value(), by_partial(), in_list(), hooks(), threads(), body())


if __name__ == "__main__":
    main()
