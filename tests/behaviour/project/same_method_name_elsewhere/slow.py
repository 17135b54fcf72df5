import time


class Slow:
    def run(self):
        time.sleep(0.001)
        return "slow"
