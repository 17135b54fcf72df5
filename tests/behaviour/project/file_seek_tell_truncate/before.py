# case: expect = await f.tell()
# case: expect = asyncio.run(main())
def main():
    with open("a.bin", "w+b") as f:
        print(f.write(b"0123456789"), f.tell(), f.seek(2), f.read(3), f.seek(-2, 2), f.read(), f.truncate(5))
        f.seek(0)
        print(f.read(), f.seekable(), f.readable(), f.writable(), f.isatty())
        f.flush()
        print(isinstance(f.fileno(), int))
main()
