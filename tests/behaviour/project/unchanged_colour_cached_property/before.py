# case: args = --scope project --seed all --make-async before:A.size
# case: unchanged
import functools
class A:
    @functools.cached_property
    def conf(self): print("read"); return {"k": 1}
    @property
    def size(self): return len(self.conf)
def main():
    a = A(); print(a.conf["k"], a.conf["k"], a.size)
main()
