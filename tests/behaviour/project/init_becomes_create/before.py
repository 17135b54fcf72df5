# case: args = --scope project --seed all --unsafe
# case: expect = await Client.create("a")
# case: expect = async def create(cls
# case: expect = @classmethod
# case: reject = async def __init__
import time


class Client:
    def __init__(self, name):
        self.name = name
        self.token = self.login()

    def login(self):
        time.sleep(0.001)
        return f"token of {self.name}"


def main():
    client = Client("a")
    print(client.token, Client("b").name)


if __name__ == "__main__":
    main()
