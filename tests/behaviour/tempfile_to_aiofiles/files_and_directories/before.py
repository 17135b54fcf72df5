# case: args = --seed all
# case: expect = aiofiles.tempfile.SpooledTemporaryFile
import os, tempfile
def main():
    with tempfile.TemporaryDirectory() as d:
        p = os.path.join(d, "x")
        with open(p, "w") as f: f.write("q")
        print(type(d).__name__, os.listdir(d))
    print(os.path.exists(d))
    with tempfile.NamedTemporaryFile("w+", suffix=".txt") as f:
        f.write("abc"); f.seek(0); print(f.read(), f.name.endswith(".txt"), os.path.exists(f.name))
    print(os.path.exists(f.name))
    with tempfile.TemporaryFile() as f:
        f.write(b"abc"); f.seek(1); print(f.read())
    with tempfile.SpooledTemporaryFile(max_size=4, mode="w+") as f:
        f.write("line\nline2\n"); f.seek(0); print([l for l in f])
main()
