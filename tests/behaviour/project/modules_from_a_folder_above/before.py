# case: expect src/pkg/low.py = async def work(n)
# case: expect src/pkg/low.py = async def rest(n)
# case: expect = await work(1)
# case: expect = await low.rest(2)
# case: expect = await src.pkg.low.work(3)
# `src` is no package, and is imported as one from the folder above it.
import src.pkg.low
from src.pkg import low
from src.pkg.low import work


def main():
    print(work(1), low.rest(2))
    print(src.pkg.low.work(3))


if __name__ == "__main__":
    main()
