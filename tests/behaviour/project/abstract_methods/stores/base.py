import abc


class Store(abc.ABC):
    @abc.abstractmethod
    def read(self, key):
        """Reads one value."""

    def describe(self, key):
        return f"{type(self).__name__}: {self.read(key)}"
