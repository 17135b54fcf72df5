import httpx


def answer(request):
    return httpx.Response(200, text=request.url.path)


class Base:
    def __init__(self):
        self.client = httpx.Client(transport=httpx.MockTransport(answer), base_url="http://x")

    def fetch(self):
        return self.client.get("/base").text

    def close(self):
        self.client.close()
