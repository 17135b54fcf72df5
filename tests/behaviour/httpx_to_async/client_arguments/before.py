# case: expect = httpx.AsyncClient(verify=False, trust_env=False)
# case: expect = httpx.AsyncClient(cookies={"a": "1"})
import os

import httpx

BASE = os.environ["BASE"]


def insecure(paths):
    found = []
    for path in paths:
        found.append(httpx.get(BASE + path, verify=False, trust_env=False).json()["path"])
    return found


def with_cookie():
    return httpx.get(BASE + "/cookies", cookies={"a": "1"}).json()


def after_redirect():
    return httpx.get(BASE + "/redirect-to?url=/cookies", cookies={"a": "1"}, follow_redirects=True).json()


def main():
    print(insecure(["/echo?a", "/echo?b"]))
    print(with_cookie())
    print(after_redirect())


if __name__ == "__main__":
    main()
