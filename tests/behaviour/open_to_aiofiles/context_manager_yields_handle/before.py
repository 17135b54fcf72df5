# case: args = --seed all
# case: expect = asynccontextmanager
# case: expect = await f.read()
import contextlib
@contextlib.contextmanager
def opened(path, mode="r"):
    f = open(path, mode)
    try:
        yield f
    finally:
        f.close(); print("closed")
def load(path):
    with opened(path) as f: return f.read()
def main():
    with opened("a", "w") as f: f.write("data")
    print(load("a"))
main()
