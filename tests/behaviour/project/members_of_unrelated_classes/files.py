import time


class File:
    def __init__(self, text):
        self.text = text

    def replace(self, text):
        time.sleep(0)
        old, self.text = self.text, text
        return old, self.text
