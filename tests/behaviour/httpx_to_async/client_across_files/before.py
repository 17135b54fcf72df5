# case: expect = async with client_for(BASE) as client
# case: expect http_client.py = -> httpx.AsyncClient
# case: expect api.py = client: AsyncClient
# case: expect users.py = await self._api._http.get(
import os

from api import Api
from http_client import client_for

BASE = os.environ["BASE"]


def main():
    with client_for(BASE) as client:
        api = Api(client)
        print(api.users.get(1))
        print(api.users.names([1, 2]))


if __name__ == "__main__":
    main()
