import threading


class Worker(threading.Thread):
    def work(self):
        return self.fetch_rows(2)
