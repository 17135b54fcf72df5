# case: args = --scope project --seed all --unsafe
# case: reject = import requests
# case: reject = .request("GET", url, data
# case: expect = await client.get(url)).json()
# case: expect = await client.delete(url)
# case: expect = await client.post(url, json={"a": 2})
# case: expect = await session.get(url)
# case: expect = data=None,  # nothing
import os

import requests

BASE = os.environ["BASE"]


def plain(url):
    return requests.get(url, data=None).json()["method"]


def several(url):
    return requests.get(
        url,
        params=None,
        data=None,
        json=None,
        headers=None,
        files=None,
        auth=None,
        cookies=None,
        timeout=5,
    ).json()["path"]


def positional(url):
    return requests.get(url, None).json()["path"]


def deleted(url):
    return requests.delete(url, json=None).json()["method"]


def posted(url):
    answer = requests.post(url, data=None, files=None).json()
    return answer["body"], requests.post(url, None, {"a": 2}).status_code


def of_a_session(url):
    found = []
    with requests.Session() as session:
        session.auth = ("ann", "secret")
        for answer in (
            session.get(url, auth=None, data=None, cookies=None),
            session.get(url, params=None, headers=None, json=None),
            session.request("GET", url, None, (None), {"X-A": "1"}, None, None, None, 5, False),
        ):
            names = [name for name, _ in answer.json()["headers"]]
            found.append([name for name in ("Authorization", "X-A", "X-B") if name in names])
    return found


def with_params(url, query):
    return requests.get(url, data=None, params=query, json=None).json()["path"]


def streamed(url):
    with requests.get(url, data=None, stream=True) as response:
        return b"".join(response.iter_content(10))[:1]


def commented(url):
    return requests.get(
        url,
        data=None,  # nothing
        timeout=5,
    ).json()["method"]


def main():
    echo = f"{BASE}/echo"
    print(plain(echo), several(echo + "?q=1"), positional(echo + "?q=2"), deleted(echo), posted(echo))
    print(of_a_session(echo))
    print(with_params(echo, {"a": None, "b": 1}), streamed(echo), commented(echo))


if __name__ == "__main__":
    main()
