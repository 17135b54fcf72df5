# case: expect = await make("a").get(1)
# case: expect = await client.get(2)
# case: expect = await Client.named("c").get(3)
# case: expect = await chained.add("x").get(4)
# case: reject = await make("d")
# case: reject = async def make(
import time


class Client:
    def __init__(self, name):
        self.name = name

    @classmethod
    def named(cls, name):
        return cls(name)

    def add(self, text):
        self.name += text
        return self

    def get(self, n):
        time.sleep(0.001)
        return f"{self.name}{n}"


def make(name):
    client = Client(name)
    client.add("!")
    return client


def default() -> Client:
    return make("d")


def main():
    client = default()
    chained = make("e")
    print(make("a").get(1), client.get(2), Client.named("c").get(3), chained.add("x").get(4))


if __name__ == "__main__":
    main()
