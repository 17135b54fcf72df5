import time


class Client:
    def get(self, key):
        time.sleep(0.001)
        return f"value of {key}"


class Box:
    """Has the same method, and does not block."""

    def get(self, key):
        return f"box of {key}"
