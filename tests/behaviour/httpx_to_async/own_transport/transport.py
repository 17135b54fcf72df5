import httpx


class Retry(httpx.BaseTransport):
    def __init__(self, inner: httpx.BaseTransport, tries: int) -> None:
        self.inner = inner
        self.tries = tries

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        for _ in range(self.tries):
            response = self.inner.handle_request(request)
            if response.status_code < 500:
                break
            print("again")
        return response

    def close(self) -> None:
        print("closing")
        self.inner.close()
