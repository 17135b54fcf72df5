# case: expect lib.pyi = async def load(key: int) -> int
# case: expect lib.pyi = async def load(key: str) -> str
# case: expect lib.pyi = def plain(
# case: reject lib.pyi = async def plain(
# case: expect typed.py = async def load(key: int) -> int
# case: expect typed.py = async def load(key: str) -> str
import lib
import typed


def main():
    print(lib.load(1), lib.load("a"), lib.plain(), typed.load(2), typed.load("b"))


if __name__ == "__main__":
    main()
