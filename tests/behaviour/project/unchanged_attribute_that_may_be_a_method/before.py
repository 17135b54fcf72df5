# case: unchanged
# Here the attribute is only set where a client is given: without one it may be the method of a class that is made
# at run time, and what that gives is entered where nobody sees its class.
import time


class Client:
    def opened(self) -> "Client":
        return self

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *exc) -> None:
        time.sleep(0.001)
        print("closed")


class Request:
    def __init__(self, opened=None):
        if opened is not None:
            self.opened = opened

    def run(self):
        with self.opened():
            return "done"


def main():
    print(type("Both", (Request, Client), {})().run())
    with Client():
        print("plain")


if __name__ == "__main__":
    main()
