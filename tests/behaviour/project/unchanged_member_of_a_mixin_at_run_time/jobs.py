import collections
import time


class Job(collections.UserDict):
    def work(self):
        return self.fetch_rows(2)


class Extra:
    def fetch_rows(self, n):
        time.sleep(0.001)
        return list(range(n))
