# case: args = --make-async before:load --make-async Box.read
# case: expect = async def load(name):
# case: expect = print(await load("a"))
# case: expect = asyncio.run(main())
# case: expect =     def read(self):
# case: expect =     def __len__(self):
class Box:
    def read(self):
        return "box"

    def __len__(self):
        return len(self.read())


def load(name):
    return name * 2


def main():
    print(load("a"))
    print(len(Box()))


if __name__ == "__main__":
    main()
