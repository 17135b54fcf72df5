# case: args = --seed all
# case: expect = while chunk := await src.read(64 * 1024):
import shutil
def main():
    with open("a", "wb") as f: f.write(b"x" * 200_000)
    with open("a", "rb") as src, open("b", "wb") as dst:
        shutil.copyfileobj(src, dst)
    with open("b", "rb") as f: print(len(f.read()))
main()
