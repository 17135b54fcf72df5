# case: args = --scope project --seed all --make-async before:Mul.__call__
class Mul:
    def __init__(self, k): self.k = k
    def __call__(self, x): return x * self.k
    @staticmethod
    def s(x): return x
    @classmethod
    def c(cls, x): return cls.__name__, x
def main(): print(Mul(3)(4), Mul.s(1), Mul(1).c(2))
main()
