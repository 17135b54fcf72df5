# case: expect transport.py = class Retry(httpx.AsyncBaseTransport)
# case: expect transport.py = await self.inner.handle_async_request(request)
import os

from transport import Retry
import httpx

BASE = os.environ["BASE"]


def main():
    with httpx.Client(base_url=BASE, transport=Retry(httpx.HTTPTransport(), 3)) as client:
        print(client.get("/flaky?fail=2&key=a").json())
        print(client.get("/flaky?fail=9&key=b").status_code)


if __name__ == "__main__":
    main()
