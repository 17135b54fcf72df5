"""What is awaited already is no call of a method that gives no awaitable."""
# case: expect = async def close
# case: expect = async def count
import asyncio
import time


class Rest:
    def __init__(self):
        self.open = True

    def close(self):
        time.sleep(0.001)
        self.open = False

    def count(self) -> int:
        time.sleep(0.001)
        return make()


def make():
    return 3


class Socket:
    async def close(self):
        await asyncio.sleep(0)
        print("socket closed")

    async def count(self):
        return 5


async def connect(kinds):
    await asyncio.sleep(0)
    return kinds["socket"]()


class Stream:
    def __init__(self):
        self._socket = None

    async def start(self, kinds):
        self._socket = await connect(kinds)

    async def stop(self):
        if self._socket:
            print(await self._socket.count())
            await self._socket.close()
            self._socket = None


def report(rest: Rest):
    print(rest.count())
    rest.close()
    print(rest.open)


async def main():
    report(Rest())
    stream = Stream()
    await stream.start({"socket": Socket})
    await stream.stop()


if __name__ == "__main__":
    asyncio.run(main())
