# case: args = --scope project --seed all --unsafe
# case: expect base.py = self._link = link
# case: expect device.py = await self._link.connect(
# case: expect device.py = await self._link.close()
# case: expect links.py = async def connect(self)
# `connect` and `close` are names that libraries have too, and no annotation says what `_link` is: all who give it do.
from device import Fast, Slow, open_device


def main():
    for host in ["", "local"]:
        device = open_device(host)
        print(device.start(), device.stop())
    print(Fast.of(Slow("x")).start())


if __name__ == "__main__":
    main()
