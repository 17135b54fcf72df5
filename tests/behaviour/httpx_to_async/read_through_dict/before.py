# case: args = --scope project --seed all
# case: expect = await self.__dict__["client"].get("/dict")
# case: expect = await vars(self)["client"].get("/vars")
import httpx


def answer(request):
    return httpx.Response(200, text=request.url.path)


class Api:
    def __init__(self):
        self.client = httpx.Client(transport=httpx.MockTransport(answer), base_url="http://x")

    def fetch(self):
        by_name = self.client.get("/name").text
        by_dict = self.__dict__["client"].get("/dict").text
        return by_name, by_dict, vars(self)["client"].get("/vars").text

    def close(self):
        self.client.close()


def main():
    api = Api()
    print(api.fetch())
    api.close()


if __name__ == "__main__":
    main()
