# case: args = --seed all --unsafe
# case: expect = async def __aenter__
class Log:
    def __init__(self, path): self.path = path; self.f = None
    def open(self): self.f = open(self.path, "a")
    def add(self, s): self.f.write(s + "\n")
    def close(self): self.f.close()
    def __enter__(self): self.open(); return self
    def __exit__(self, *exc): self.close()
def main():
    with Log("l") as log:
        log.add("one"); log.add("two")
    with open("l") as f: print(f.read())
main()
