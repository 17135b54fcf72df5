class Transport:
    def send(self, text):
        raise NotImplementedError


class MemoryTransport(Transport):
    def __init__(self):
        self.sent = []

    def send(self, text):
        self.sent.append(text)
        return len(self.sent)


class LoudTransport(MemoryTransport):
    def send(self, text):
        return super().send(text.upper()) * 10
