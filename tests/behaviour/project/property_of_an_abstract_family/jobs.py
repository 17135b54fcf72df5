import abc
import time


class Job(abc.ABC):
    @property
    @abc.abstractmethod
    def size(self) -> int: ...

    def describe(self):
        return f"size {self.size:>3}"


class Single(Job):
    @property
    def size(self) -> int:
        """How much there is."""
        time.sleep(0.001)
        return 3


class Double(Single):
    @property
    def size(self) -> int:
        return super().size + 1
