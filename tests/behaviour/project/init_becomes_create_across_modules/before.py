# case: args = --scope project --seed all --unsafe
# case: expect = a = await Client.create("a")
# case: expect = b = await c.Client.create("b", retries=0)
# case: expect = (await a.clone()).token
# case: expect client.py = async def create(cls, name, *, retries: int = 2) -> "Client":
# case: expect client.py = return await cls.create("default")
# case: expect client.py = return await self.__class__.create(self.name + "2")
# case: expect client.py = return await Client.create(name)
# case: reject client.py = __init__
import client as c
from client import Client, connect


def main():
    a = Client("a")
    b = c.Client("b", retries=0)
    print(a.token, b.token, connect("x").token, Client.default().name, a.clone().token, isinstance(a, Client))
    try:
        Client()
    except TypeError:
        print("TypeError")


if __name__ == "__main__":
    main()
