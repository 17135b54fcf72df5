# case: expect = async with Client() as client:
# case: expect = async def __aexit__(
# `Request.auth` is an attribute that its `__init__` sets: reading it is no call of `Client.auth`, which gives a client.
import time


class Client:
    def __init__(self):
        self.user = None

    def auth(self, user) -> "Client":
        self.user = user
        return self

    def request(self, path) -> "Request":
        return Request(path, self.user)

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *exc) -> None:
        time.sleep(0.001)
        print("closed")


class Request:
    def __init__(self, path, auth):
        self.path = path
        self.auth = auth

    def text(self):
        return f"{self.path} as {self.auth}"


def main():
    with Client() as client:
        client.auth("ann")
        print(client.request("/a").text())


if __name__ == "__main__":
    main()
