import time

LOG = []


class One:
    def fetch_one(self, n):
        time.sleep(0)
        LOG.append(n)
        return n * 2


class Two:
    def fetch_two(self, n):
        time.sleep(0)
        LOG.append(n)
        return n * 2


class Three:
    def fetch_three(self, n):
        time.sleep(0)
        LOG.append(n)
        return n * 2
