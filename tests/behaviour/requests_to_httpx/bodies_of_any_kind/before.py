# case: args = --seed all
# case: reject = import requests
# case: expect = **_body(body)
# case: expect = json={"j": 1}
import io
import os

import requests

BASE = os.environ["BASE"]


def content_type(echo):
    found = [value for key, value in echo["headers"] if key.lower() == "content-type"]
    return [value.split("boundary")[0] for value in found]


def send(body, **_):
    return requests.post(BASE + "/echo", data=body).json()


def with_json(body):
    return requests.post(BASE + "/echo", data=body, json={"j": 1}).json()


def with_files(session, body):
    files = {"f": ("n.txt", b"text", "text/plain")}
    echo = session.post(BASE + "/echo", data=body, files=files).json()
    return [line for line in echo["body"].split("\r\n") if not line.startswith("--")]


def put(body):
    return requests.put(BASE + "/echo", body if body else None, timeout=5).json()


def pieces():
    yield b"one,"
    yield b"two"


def main():
    bodies = [
        None,
        "",
        "text",
        b"bytes",
        {},
        {"a": 1, "b": None, "c": True, "d": [1, None, "x y"], "e": b"raw", "f": "ü&="},
        {"only": None},
        [("a", 1), ("b", 2), ("a", None)],
        (("k", "v"),),
        [],
    ]
    for body in bodies:
        echo = send(body)
        print(repr(body), echo["body"], content_type(echo))
        print(repr(body), put(body)["body"])
    for body in (None, {}, "", {"a": 1}, "text"):
        echo = with_json(body)
        print(repr(body), echo["body"].replace(" ", ""), content_type(echo))
    print(send(io.BytesIO(b"from a file"))["body"], send(io.StringIO("text"))["body"])
    print(send(pieces())["body"])
    with requests.Session() as session:
        print(with_files(session, None))
        print(with_files(session, {"a": 1, "b": [True, None]}))
        print(with_files(session, [("a", 1), ("a", "2")]))


if __name__ == "__main__":
    main()
