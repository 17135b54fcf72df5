# case: expect = await Client.load(1)
# case: expect = await Client("i").load(2)
# case: expect = await cls.load(
# case: expect = await Client.create("c")
# case: expect = await Sub.create("s")
# case: expect = async def load(
import time


class Client:
    def __init__(self, name, token=None):
        self.name = name
        self.token = token

    @staticmethod
    def load(n):
        time.sleep(0.001)
        return n * 10

    @classmethod
    def create(cls, name):
        return cls(name, cls.load(len(name)))

    def __repr__(self):
        return f"{type(self).__name__}({self.name}, {self.token})"


class Sub(Client):
    pass


def main():
    print(Client.load(1), Client("i").load(2), Client.create("c"), Sub.create("s"))


if __name__ == "__main__":
    main()
