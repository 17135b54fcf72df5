# case: unchanged
import os
from typing import NamedTuple

import httpx


def answer(request):
    return httpx.Response(200, text=request.url.path)


TRANSPORT = httpx.MockTransport(answer)


class Alone:
    def __init__(self):
        self.first = httpx.Client(transport=TRANSPORT, base_url="http://x")


class Leaks:
    def __init__(self):
        self.first = httpx.Client(transport=TRANSPORT, base_url="http://x")

    def leak(self):
        os.fspath.__eq__(self.first)


def one_read_of_two_classes(owner: Alone | Leaks):
    return owner.first.get("/two").text


class Base:
    second = None

    def go(self):
        return self.second.get("/base").text


class Real(Base):
    second = httpx.Client(transport=TRANSPORT, base_url="http://x")


class Fake(Base):
    class second:
        @staticmethod
        def get(path):
            return httpx.Response(200, text=f"fake {path}")


class Matched:
    def __init__(self):
        self.third = httpx.Client(transport=TRANSPORT, base_url="http://x")

    def go(self):
        return self.third.get("/method").text


def by_pattern(value):
    match value:
        case Matched(third=client):
            return client.get("/pattern").text


class Pair(NamedTuple):
    fourth: httpx.Client
    number: int


def by_number():
    pair = Pair(httpx.Client(transport=TRANSPORT, base_url="http://x"), 1)
    return pair.fourth.get("/name").text + pair[0].get("/number").text


class Property(Base):
    @property
    def second(self):
        return Fake.second


def main():
    leaks = Leaks()
    leaks.leak()
    print(one_read_of_two_classes(Alone()), one_read_of_two_classes(leaks))
    print(Real().go(), Fake().go(), Property().go())
    print(by_pattern(Matched()), Matched().go())
    print(by_number())


if __name__ == "__main__":
    main()
