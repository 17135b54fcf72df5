# case: expect = asyncio.run(main())
# case: expect = await api.names(
# case: expect client/http.py = httpx.AsyncClient(
# case: expect client/http.py = async def get(
# case: reject client/http.py = import requests
# case: expect client/api.py = await self._get(
# case: expect client/api.py = async for user in self.users(
# case: keep client/errors.py
from client import Api, NotFound


def main():
    api = Api()
    print(api.user(1), api.names([1, 2]))
    try:
        api.user(99)
    except NotFound as error:
        print("not found", error)


if __name__ == "__main__":
    main()
