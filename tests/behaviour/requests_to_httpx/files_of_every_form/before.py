# case: args = --seed all --unsafe --select requests_to_httpx
# case: reject = import requests
# case: expect = **_multipart({"f": handle}, {"kind": "a b", "n": [1, None, True]}, {"X-A": "1"})
# case: expect = files={"f": ("a.txt", b"content", "text/plain")}
import io
import os
import tempfile

import requests

BASE = os.environ["BASE"]


def show(response):
    sent = response.json()
    headers = {name.lower(): value for name, value in sent["headers"]}
    boundary = headers["content-type"].partition("boundary=")[2] or "nothing"
    print(sent["method"], headers["content-type"].replace(boundary, "B"), headers["content-length"], headers.get("x-a"))
    print(repr(sent["body"].replace(boundary, "B")))


def upload(files, data=None):
    show(requests.post(BASE + "/echo", data=data, files=files))


def main():
    url = BASE + "/echo"
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'na "me.csv')
        with open(path, "w") as handle:
            handle.write("first\nsecond\n")
        with open(path, "rb") as handle:
            fields = {"kind": "a b", "n": [1, None, True]}
            show(requests.post(url, files={"f": handle}, data={"kind": "a b", "n": [1, None, True]}, headers={"X-A": "1"}))
        with open(path, "rb") as handle:
            handle.readline()
            show(requests.put(url, data=fields, timeout=5, files={"f": ("rest", handle)}))
        with open(path) as handle:
            show(requests.post(url, headers={"X-A": "2"}, allow_redirects=False, files=[("f", handle), ("g", "text")]))
    show(requests.post(url, files={"f": io.StringIO("é"), "g": io.BytesIO(b"\x00\xff"), "h": ("none", None)}))
    show(requests.post(url, files={"f": ("a.txt", b"content", "text/plain")}))
    show(requests.post(url, files={"f": ("a.txt", b"content", None, {"X-Part": "1"}), "g": (None, "plain")}))
    own = requests.post(url, files={"f": b"1"}, headers={"content-type": "multipart/own; boundary=B"})
    print([value for name, value in own.json()["headers"] if name.lower() == "content-type"])
    with requests.Session() as session:
        session.headers["X-A"] = "3"
        show(session.post(url, files={"f": b"1"}, data=[("a", "1"), ("b", "2"), ("a", "3")]))
    upload({"f": "x"}, {"a": "1"})
    upload([("f", ("x", "1")), ("f", ("y", "2"))], {"a": b"b"})
    print(requests.post(BASE + "/echo", files={}, data={"a": "1"}).json()["body"])


if __name__ == "__main__":
    main()
