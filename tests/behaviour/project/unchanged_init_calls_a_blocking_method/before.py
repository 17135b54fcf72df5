# case: unchanged
import time
from dataclasses import dataclass


class Client:
    def __init__(self, name):
        self.name = name
        self.token = self.login()

    def login(self):
        time.sleep(0.001)
        return f"token of {self.name}"


@dataclass
class Row:
    n: int

    def __post_init__(self):
        time.sleep(0.001)
        self.double = self.n * 2


def main():
    print(Client("a").token, Row(2).double)


if __name__ == "__main__":
    main()
