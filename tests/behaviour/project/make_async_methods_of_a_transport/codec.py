class Codec:
    def apply(self, text):
        return text


class Pipe:
    def __init__(self):
        # An attribute that is named like the method of a transport.
        self.send = Codec()

    def run(self, text):
        return self.send.apply(text)
