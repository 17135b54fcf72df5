# case: expect = async with aiofiles.open("a.txt") as f:
# case: expect = asyncio.run(main())
# case: expect = async for line in f:
def main():
    with open("a.txt", "w") as f:
        f.writelines(f"row {i}\n" for i in range(6))
    with open("a.txt") as f:
        first = f.readline()
        print(repr(first))
        for line in f:
            if "4" in line:
                break
            print(line.rstrip())
        else:
            print("no break")
        print(repr(f.read()))
    with open("a.txt") as f:
        print([l.strip() for l in f if "1" not in l])
    with open("a.txt") as f:
        print({l[4]: len(l) for l in f})
    with open("a.txt") as f:
        print(f.readlines(8), f.readline(3))
main()
