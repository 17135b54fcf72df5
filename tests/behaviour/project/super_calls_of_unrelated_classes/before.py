"""What `super()` finds above a class of exceptions is no constructor of a client."""
# case: args = --scope project --seed all --unsafe
# case: expect = await Client.create(
import time


class ResponseError(Exception):
    def __init__(self, message, response):
        super().__init__(message)
        self.response = response

    @classmethod
    def of(cls, response):
        return cls(f"failed with {response}", response)


class TooMany(ResponseError):
    pass


class Client:
    def __init__(self, limit):
        self.limit = limit
        self.token = self.load()

    def load(self):
        time.sleep(0.001)
        if self.limit > 2:
            raise TooMany.of(self.limit)
        return "token"


def main():
    print(Client(1).token)
    try:
        Client(3)
    except ResponseError as error:
        print(type(error).__name__, error, error.response)


if __name__ == "__main__":
    main()
