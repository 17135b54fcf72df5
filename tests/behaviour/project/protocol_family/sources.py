import time


class Constant:
    """A Source by its shape alone."""

    def __init__(self, text: str):
        self.text = text

    def name(self) -> str:
        return "constant "

    def read(self, n: int) -> str:
        return self.text * n


class Slow:
    def name(self) -> str:
        return "slow "

    def read(self, n: int) -> str:
        time.sleep(0.001)
        return "s" * n
