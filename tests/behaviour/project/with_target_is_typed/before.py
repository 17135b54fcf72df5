# case: expect = await client.get(1)
# case: expect = with Client("a") as client:
# case: reject = async with
import time


class Client:
    def __init__(self, name):
        self.name = name

    def __enter__(self):
        print("enter")
        return self

    def __exit__(self, *args):
        print("exit")

    def get(self, n):
        time.sleep(0.001)
        return f"{self.name}{n}"


def main():
    with Client("a") as client:
        print(client.get(1))


if __name__ == "__main__":
    main()
