import os

import httpx

BASE = os.environ["BASE"]


class Token(httpx.Auth):
    def auth_flow(self, request):
        request.headers["X-Token"] = "t"
        response = yield request
        print("status", response.status_code)


def main():
    with httpx.Client(base_url=BASE, auth=("u", "p")) as client:
        print(client.get("/basic").json())
        print(client.get("/digest", auth=httpx.DigestAuth("u", "p")).json())
        headers = dict(client.get("/echo", auth=Token()).json()["headers"])
        print(headers.get("X-Token") or headers.get("x-token"))
        print(client.get("/basic", auth=None).status_code)


if __name__ == "__main__":
    main()
