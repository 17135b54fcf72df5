# case: args = --make-async transport:Memory*.send
# case: expect transport.py = async def send(self, text):
# case: expect transport.py = return await super().send(text.upper()) * 10
# case: reject transport.py = async def __init__
# case: expect = if await device.ping() and await device.ping() > 1:
# case: expect = return [await self.transport.send(part) for part in text.split()]
# case: keep codec.py
# case: expect = asyncio.run(main())
from codec import Pipe
from transport import LoudTransport, MemoryTransport, Transport


class Device:
    def __init__(self, transport: Transport):
        self.transport = transport

    def ping(self):
        return self.transport.send("ping")

    def words(self, text):
        return [self.transport.send(part) for part in text.split()]


def check(device: Device):
    print(device.words("a b c"))
    if device.ping() and device.ping() > 1:
        print("alive")


def main():
    print(Pipe().run("x"))
    check(Device(MemoryTransport()))
    check(Device(LoudTransport()))


if __name__ == "__main__":
    main()
