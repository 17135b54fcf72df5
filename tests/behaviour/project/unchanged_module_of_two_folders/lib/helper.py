import time


def load(n):
    time.sleep(0.001)
    return f"lib {n}"


class Client:
    def fetch(self, n):
        return f"lib {n}"
