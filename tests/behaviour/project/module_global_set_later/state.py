import time


class Client:
    def __init__(self, name):
        self.name = name

    def get(self, n):
        time.sleep(0.001)
        return f"{self.name}{n}"


client = None


def connect(name):
    global client
    client = Client(name)


def load(n):
    return client.get(n)


def close():
    global client
    client = None
