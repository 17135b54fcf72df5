# case: args = --select requests_to_aiohttp,open_to_aiofiles
# case: expect = content.iter_chunked(128)
# case: expect = content.iter_any()
# case: reject = import requests
import os

import requests

BASE = os.environ["BASE"]


def download(path, target):
    with requests.get(BASE + path, stream=True) as r:
        r.raise_for_status()
        with open(target, "wb") as file:
            for chunk in r.iter_content(chunk_size=128):
                file.write(chunk)
    with open(target, "rb") as file:
        return len(file.read())


def sizes(path):
    r = requests.get(BASE + path, stream=True)
    return [len(chunk) for chunk in r.iter_content(128)]


def everything(path):
    response = requests.get(BASE + path, stream=True)
    total = 0
    for chunk in response.iter_content(None):
        total += len(chunk)
    return total


def main():
    print(download("/bytes/1000", "a"), download("/gzip", "b"), sizes("/bytes/300"), everything("/lines?n=100"))


if __name__ == "__main__":
    main()
