# case: expect = await make().get(1)
# case: expect = await Holder().client.get(2)
# case: expect = await self.client.get(3)
# case: expect = await held.client.get(4)
# case: expect = await client.get(5)
# case: expect = await found.get(6)
# case: reject = await make().peek(
from clients.factory import Holder, find, make, opened


class Sub(Holder):
    def run(self):
        return self.client.get(3)


def main():
    held = Sub("s")
    print(make().get(1), Holder().client.get(2), held.run(), held.client.get(4), make().peek(0))
    with opened() as client:
        print(client.get(5))
    found = find("x")
    print(found.get(6))


if __name__ == "__main__":
    main()
