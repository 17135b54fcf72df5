import time


class Serial:
    def connect(self):
        time.sleep(0.001)
        return "serial"

    def close(self):
        time.sleep(0.001)
        return "closed"


class Network:
    def __init__(self, host):
        self.host = host

    def connect(self):
        time.sleep(0.001)
        return f"network {self.host}"

    def close(self):
        return "shut"
