# case: expect deco.py = async def wrapper(
# case: expect deco.py = return await fn(
# case: expect deco.py = await asyncio.sleep(0.001)
# case: expect = await work(1)
# case: reject deco.py = async def logged(
# case: reject deco.py = async def retry(
from deco import logged, retry

tries = []


@logged
def work(x):
    print("body")
    if x < 0:
        raise ValueError(x)
    return x


@logged
@retry(times=3)
def flaky(x):
    tries.append(x)
    if len(tries) < 3:
        raise OSError("again")
    return tries


def main():
    print(work(1), work(-1))
    print(flaky(7), work.__name__)


if __name__ == "__main__":
    main()
