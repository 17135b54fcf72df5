# case: args = --seed all
# case: expect = return aiofiles.open(name, mode)
# case: expect = async with opened("a", "w") as f:
def opened(name, mode="r"):
    return open(name, mode)


def kept(name):
    f = open(name)
    print(f.name)
    return f


def main():
    with opened("a", "w") as f:
        f.write("one\ntwo\n")
    with opened("a") as f, opened("a") as g:
        print(f.readline(), g.read())
    f = kept("a")
    print(f.read())
    f.close()


main()
