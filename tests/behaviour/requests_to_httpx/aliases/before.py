# case: expect = httpx.AsyncClient(
# case: reject = import requests
# case: reject = from requests
import asyncio
import os

import requests as r
from requests import Session, get
from requests.exceptions import ReadTimeout as Late

BASE = os.environ["BASE"]


async def main():
    print(r.post(BASE + "/echo", {"f": "1"}).json()["body"])
    print(get(BASE + "/echo").json()["path"])
    with Session() as s:
        print(s.put(BASE + "/echo", "body").json()["body"])
    try:
        get(BASE + "/slow?s=1", timeout=0.1)
    except Late:
        print("late")
    try:
        get(BASE + "/user/99").raise_for_status()
    except r.exceptions.HTTPError as e:
        print(e.response.status_code)


if __name__ == "__main__":
    asyncio.run(main())
