# case: args = --scope project --seed all
# case: expect client.py = self.session = httpx.AsyncClient(
# case: expect helpers.py = await session.post(
import os

from client import Client
from helpers import login, names

BASE = os.environ["BASE"]


def main():
    client = Client(BASE)
    login(client.session, BASE)
    print(names(client, [1, 2]))
    print(client.status("/status/404"))
    print(client.name_or_code("/user/99"))
    client.close()


if __name__ == "__main__":
    main()
