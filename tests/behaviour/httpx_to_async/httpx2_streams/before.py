# case: expect = async for line in response.aiter_lines():
# case: expect = await response.aread()
# case: expect = await response.aclose()
import os

import httpx2

BASE = os.environ["BASE"]


def lines(path):
    with httpx2.Client(base_url=BASE) as client:
        with client.stream("GET", path) as response:
            response.raise_for_status()
            print(response.headers["content-type"], response.is_closed)
            for line in response.iter_lines():
                print(line)


def size(path):
    total = 0
    with httpx2.Client(base_url=BASE) as client, client.stream("GET", path) as response:
        for chunk in response.iter_bytes(100):
            total += len(chunk)
        print(response.num_bytes_downloaded)
    return total


def whole(path):
    with httpx2.stream("GET", BASE + path) as response:
        response.read()
        return response.text


def joined(path):
    with httpx2.stream("GET", BASE + path) as response:
        return b"".join(response.iter_raw()), [text for text in response.iter_text() if False] if False else None


def unread(path):
    with httpx2.stream("GET", BASE + path) as response:
        try:
            return response.text
        except httpx2.ResponseNotRead:
            return "not read"


def sent(path):
    with httpx2.Client(base_url=BASE) as client:
        request = client.build_request("GET", path)
        response = client.send(request, stream=True)
        try:
            return [text for text in response.iter_text()]
        finally:
            response.close()


def main():
    lines("/lines?n=3")
    print(size("/bytes/1000"))
    print(whole("/lines?n=2"))
    print(joined("/lines?n=2"))
    print(unread("/lines"))
    print("".join(sent("/lines?n=2")))


if __name__ == "__main__":
    main()
