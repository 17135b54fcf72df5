import time

LOG = []


class Client:
    def fetch(self, n):
        time.sleep(0)
        LOG.append(n)
        return n * 2

    def name(self):
        return "client"

    def both(self, n):
        return self.name(), self.fetch(n)
