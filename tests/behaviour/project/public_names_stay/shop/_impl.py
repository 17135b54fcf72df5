import time


class _Base:
    def inherited(self):
        time.sleep(0.001)
        return "inherited"

    def _unused(self):
        time.sleep(0.001)


class Client(_Base):
    def ask(self, n):
        return slow(n)


class _Connection:
    def ping(self):
        time.sleep(0.001)
        return "pong"


connection = _Connection()


def slow(n):
    time.sleep(0.001)
    return n


def warm_up(pause):
    time.sleep(pause)
