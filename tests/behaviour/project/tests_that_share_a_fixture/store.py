import queue
import time

LOG = []


class Store:
    def __init__(self):
        # What belongs to an event loop once it is async: waiting on it binds it.
        self.free = queue.Queue()

    def open(self):
        time.sleep(0)
        self.free.put("connection")
        LOG.append("open")

    def load(self, n):
        connection = self.free.get()
        time.sleep(0)
        LOG.append((connection, n))
        self.free.put(connection)
        return n * 2

    def close(self):
        LOG.append(self.free.get())
        time.sleep(0)
        LOG.append("close")
