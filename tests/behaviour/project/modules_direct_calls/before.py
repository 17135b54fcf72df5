# case: expect = await load(2)
# case: expect = await clock.wait()
# case: expect = asyncio.run(main())
# case: expect store.py = async def load(
# case: expect store.py = await clock.wait()
# case: expect clock.py = await asyncio.sleep(0.001)
# case: reject clock.py = import time
# case: keep plain.py
import clock
import plain
from store import load


def main():
    print(load(2), plain.double(3))
    clock.wait()
    print("done", clock.waits)


if __name__ == "__main__":
    main()
