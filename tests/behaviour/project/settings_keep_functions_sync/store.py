import time


class Store:
    def __init__(self):
        self.rows = {}

    def read(self, key):
        return self.fetch(key)

    def fetch(self, key):
        time.sleep(0.001)
        return self.rows.get(key, "none")

    def write(self, key, value):
        time.sleep(0.001)
        self.rows[key] = value

    def warm(self):
        time.sleep(0.001)


class CachedStore(Store):
    def read(self, key):
        return f"cached {super().read(key)}"


def save_all(store):
    time.sleep(0.001)
    return "saved"
