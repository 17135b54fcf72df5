# case: expect = asyncio.run(main())
# case: expect = return await fn(*args, **kwargs)
# case: expect = await asyncio.sleep(0.01)
# case: expect = print(await flaky("a"))
# case: expect = except requests.RequestException as e:
# case: expect = r = requests.get(BASE + f"/flaky?key={key}&fail=2")
# case: expect = r = await client.get(BASE + f"/flaky?key={key}&fail=3", timeout=5)
# What `flaky` raises is caught by its decorator, which serves whatever it decorates: that request stays as it is, and the
# library with it.
import functools
import os
import time

import requests

BASE = os.environ["BASE"]


def retry(times):
    def deco(fn):
        @functools.wraps(fn)
        def wrapper(*args, **kwargs):
            for attempt in range(times):
                try:
                    return fn(*args, **kwargs)
                except requests.RequestException as e:
                    print("retry", attempt, type(e.response).__name__)
                    time.sleep(0.01)
            raise RuntimeError("gave up")
        return wrapper
    return deco


@retry(4)
def flaky(key):
    r = requests.get(BASE + f"/flaky?key={key}&fail=2")
    r.raise_for_status()
    return r.json()


def loop(key):
    for attempt in range(5):
        r = requests.get(BASE + f"/flaky?key={key}&fail=3", timeout=5)
        if r.status_code == requests.codes.ok:
            break
        time.sleep(0.01 * 2 ** attempt)
    else:
        return None
    return attempt, r.json()


def main():
    print(flaky("a"))
    print(loop("b"))
    while (r := requests.get(BASE + "/flaky?key=c&fail=2")).status_code != 200:
        print("waiting", r.status_code)
    print(r.json())


if __name__ == "__main__":
    main()
