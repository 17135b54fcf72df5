# case: args = --scope project --seed all --make-async before:D.__post_init__
# case: unchanged
import dataclasses
@dataclasses.dataclass
class D:
    a: int
    def __post_init__(self): self.b = self.a * 2
print(D(2).b)
