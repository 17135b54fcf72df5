import time


class Aircraft:
    def __init__(self, url):
        self.url = url

    def get(self, number):
        time.sleep(0.001)
        return self.url + number


class Api:
    def __init__(self, url):
        self.url = url

    @property
    def aircraft(self):
        return Aircraft(self.url)
