import time


class Client:
    """A client."""

    def __init__(self, name, *, retries: int = 2) -> None:
        """Logs in."""
        # first
        self.name = name
        if retries == 0:
            self.token = None
            return
        self.token = self.login()  # blocking
        # last

    def login(self):
        time.sleep(0.001)
        return f"token {self.name}"

    @classmethod
    def default(cls):
        return cls("default")

    def clone(self):
        return self.__class__(self.name + "2")


def connect(name) -> Client:
    return Client(name)
