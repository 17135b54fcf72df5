from base import Base
from links import Network, Serial


class Slow(Base):
    def __init__(self, host):
        if host:
            link = Network(host)
        else:
            link = Serial()
        Base.__init__(self, link, host=host)

    def start(self):
        return self._link.connect()

    def stop(self):
        return self._link.close()


class Fast(Slow):
    @classmethod
    def of(cls, other):
        made = cls(other.host)
        made._link = other._link
        return made


def open_device(host):
    return Slow(host)
