# case: args = --select requests_to_aiohttp
# case: expect = aiohttp.ClientSession(
# case: reject = import requests
import os

import requests

BASE = os.environ["BASE"]


def main():
    response = requests.get(BASE + "/redirect/3")
    print(response.url.replace(BASE, ""), len(response.history), response.status_code)
    response = requests.get(BASE + "/redirect/1", allow_redirects=False)
    print(response.status_code, response.headers["Location"], "yes" if response.history else "no")
    for code in (301, 302, 303, 307, 308):
        response = requests.post(f"{BASE}/redirect-to?code={code}&url=/echo", data={"a": 1})
        data = response.json()
        print(code, data["method"], data["body"])
    print(requests.head(BASE + "/redirect/1", allow_redirects=True).status_code)


if __name__ == "__main__":
    main()
