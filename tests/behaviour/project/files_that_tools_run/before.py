# case: expect = await asyncio.to_thread(pathlib.Path("VERSION").read_text)
# case: keep setup.py
# case: keep conf.py
# case: keep nursery.py
import pathlib


def main():
    pathlib.Path("VERSION").write_text("1.0\n")
    print(pathlib.Path("VERSION").read_text().strip())


if __name__ == "__main__":
    main()
