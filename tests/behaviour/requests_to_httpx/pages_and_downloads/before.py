# case: args = --scope project --seed all
# case: expect = async def main
import hashlib
import os
import shutil
import tempfile

import requests

BASE = os.environ["BASE"]


def lines(n):
    with requests.get(BASE + f"/lines?n={n}&step=4", stream=True) as r:
        r.raise_for_status()
        for line in r.iter_lines(decode_unicode=True):
            if line:
                yield line


def pages():
    page = 1
    while page:
        data = requests.get(BASE + "/pages", params={"page": page}).json()
        yield from data["items"]
        page = data["next"]


def download(path, size):
    h = hashlib.sha256()
    with open(path, "wb") as f, requests.get(BASE + f"/bytes/{size}", stream=True) as r:
        total = int(r.headers["Content-Length"])
        for chunk in r.iter_content(chunk_size=8192):
            f.write(chunk)
            h.update(chunk)
    return total, h.hexdigest()[:12], os.path.getsize(path)


def raw(path):
    r = requests.get(BASE + "/gzip", stream=True)
    with open(path, "wb") as f:
        shutil.copyfileobj(r.raw, f)
    return os.path.getsize(path)


def main():
    print(list(lines(3)))
    for line in lines(100):
        print("first", line)
        break
    print(list(pages()))
    with tempfile.TemporaryDirectory() as d:
        print(download(d + "/x", 50000))
        print(raw(d + "/y"))


if __name__ == "__main__":
    main()
