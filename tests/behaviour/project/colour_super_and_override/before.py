# case: args = --scope project --seed all --make-async before:Base.hook
import abc
class Base(abc.ABC):
    @abc.abstractmethod
    def run(self): ...
    def hook(self): return ["base"]
class Child(Base):
    def run(self): return self.hook()
    def hook(self): return super().hook() + ["child"]
print(Child().run())
