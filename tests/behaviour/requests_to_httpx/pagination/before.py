# case: expect = httpx.AsyncClient(
# case: reject = import requests
import asyncio
import os

import requests

BASE = os.environ["BASE"]


async def items(last):
    found, page = [], 1
    while page:
        r = requests.get(f"{BASE}/pages?page={page}&last={last}")
        r.raise_for_status()
        body = r.json()
        if not body["items"]:
            break
        for item in body["items"]:
            if item.endswith("-1"):
                continue
            found.append(item)
        page = body["next"]
    return found


async def main():
    print(await items(1), await items(4))
    client = "this name is taken"
    text = """
    a text over
      several lines
    """
    if (n := len(await items(2))) > 1:
        r = requests.get(BASE + f"/user/{n}")  # a comment
        print(r.json()["name"], client, repr(text + """
  kept as it is"""))


if __name__ == "__main__":
    asyncio.run(main())
