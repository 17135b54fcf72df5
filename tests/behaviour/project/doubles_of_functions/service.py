import time


def load(n):
    time.sleep(0.001)
    return f"real {n}"


def report(n):
    return f"<{load(n)}>"


class Client:
    def fetch(self, n):
        time.sleep(0.001)
        return f"fetched {n}"


def use(client: Client, n):
    return client.fetch(n)
