import time


class Client:
    count = 0

    def get(self, key):
        self.count += 1
        time.sleep(0.001)
        return key.upper()
