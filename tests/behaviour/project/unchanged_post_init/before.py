# case: unchanged
import dataclasses, time
@dataclasses.dataclass
class D:
    a: int
    def __post_init__(self): time.sleep(0); self.b = self.a * 2
print(D(2).b)
