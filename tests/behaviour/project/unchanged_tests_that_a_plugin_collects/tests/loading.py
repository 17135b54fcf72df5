import time


class Loading:
    def works_twice(self):
        for _ in range(2):
            time.sleep(0.001)
