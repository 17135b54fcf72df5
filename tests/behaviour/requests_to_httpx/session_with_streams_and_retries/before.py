# case: args = --scope project --seed all
# case: reject = import requests
import os
import time

import requests

BASE = os.environ["BASE"]


class Downloader:
    def __init__(self):
        self._session = requests.Session()

    def pages(self):
        url = BASE + "/links"
        response = self._session.get(url)
        return response.links.get("next", {}).get("url", "").replace(BASE, "")

    def size(self, n):
        total = 0
        with self._session.get(f"{BASE}/bytes/{n}", stream=True) as response:
            response.raise_for_status()
            for chunk in response.iter_content(chunk_size=100):
                total += len(chunk)
        return total

    def lines(self, n):
        response = self._session.get(f"{BASE}/lines?n={n}", stream=True)
        return [line.decode() for line in response.iter_lines() if line]

    def flaky(self, key):
        for attempt in range(5):
            response = self._session.get(f"{BASE}/flaky?key={key}&fail=2", timeout=(3, 3))
            if response.ok:
                return attempt, response.json()
            time.sleep(0.01)
        return None

    def late(self):
        try:
            return self._session.get(BASE + "/slow?s=1", timeout=0.1).text
        except (requests.Timeout, requests.ConnectionError):
            return "late"

    def close(self):
        self._session.close()


def main():
    downloader = Downloader()
    print(downloader.pages(), downloader.size(250), downloader.lines(3))
    print(downloader.flaky("a"), downloader.late())
    downloader.close()


if __name__ == "__main__":
    main()
