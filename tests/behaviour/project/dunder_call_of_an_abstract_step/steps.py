import abc
import time


class Step(abc.ABC):
    @abc.abstractmethod
    def __call__(self, text): ...


class Strip(Step):
    def __call__(self, text):
        time.sleep(0.001)
        return text.replace(" ", "")


class Upper(Step):
    def __call__(self, text):
        return text.upper()
