import time


class Prepared:
    def setup_method(self):
        time.sleep(0.001)
        self.name = "a"
