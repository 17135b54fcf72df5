# case: args = --seed all --unsafe
# case: expect = transport=_RetryTransport(retry)
# case: reject = import requests
import os

import requests
from requests.adapters import HTTPAdapter, Retry

BASE = os.environ["BASE"]


def session():
    s = requests.Session()
    s.headers["X-Name"] = "retries"
    # Bad gateways come and go.
    retry = Retry(
        total=3,
        backoff_factor=0,
        status_forcelist=[502, 503],
        raise_on_status=False,
    )
    adapter = HTTPAdapter(max_retries=retry)
    s.mount("http://", adapter)
    s.mount("https://", adapter)
    return s


def exhausted(key):
    with requests.Session() as s:
        s.mount("http://", HTTPAdapter(max_retries=Retry(total=1, status_forcelist=[503])))
        try:
            return s.get(BASE + f"/flaky?key={key}&fail=9").status_code
        except requests.RequestException:
            return "gave up"


def refused():
    s = requests.Session()
    s.mount("http://", HTTPAdapter(pool_maxsize=4, max_retries=2))
    try:
        s.get("http://127.0.0.1:1/")
    except requests.ConnectionError:
        return "no connection"
    finally:
        s.close()


def main():
    s = session()
    print(s.get(BASE + "/flaky?key=k1&fail=2").json())
    print(s.get(BASE + "/flaky?key=k2&fail=9").status_code)
    print(s.post(BASE + "/flaky?key=k3&fail=1").status_code)
    print(s.get(BASE + "/flaky?key=k4&fail=1&code=500").status_code)
    s.close()
    print(exhausted("k5"))
    print(refused())


if __name__ == "__main__":
    main()
