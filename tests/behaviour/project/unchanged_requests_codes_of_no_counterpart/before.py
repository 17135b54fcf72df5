# case: unchanged
import json
import os

import requests

BASE = os.environ["BASE"]


def main():
    r = requests.get(BASE + "/redirect/2")
    print(r.url.split("/")[-1], r.url.startswith(BASE), json.dumps({"u": r.url.replace(BASE, "")}), "echo" in r.url)
    print([h.url.replace(BASE, "") for h in r.history], r.request.url.endswith("end=1"), r.request.method)
    print(r.reason, r.encoding, r.headers["content-type"], "Content-Type" in r.headers)
    print({k.title(): v for k, v in r.headers.items() if k.lower() == "content-type"})
    print(type(r.elapsed).__name__, r.elapsed.total_seconds() < 5, r.links, requests.get(BASE + "/links").links["next"]["url"])
    r = requests.get(BASE + "/user/1")
    print(r.json(parse_int=str), r.content[:5], r.text[-3:], r.is_redirect)
    print(b"".join(r), list(r.iter_content(10))[0], [x for x in r.iter_lines()])
    r = requests.get(BASE + "/status/302?loc=/x", allow_redirects=False)
    print(r.is_redirect, r.is_permanent_redirect, r.raise_for_status())
    print(requests.post(BASE + "/echo", data="b").request.body)
    print(requests.codes.not_found, requests.codes.teapot, requests.codes["ok"], requests.codes.ALL_OK)


if __name__ == "__main__":
    main()
