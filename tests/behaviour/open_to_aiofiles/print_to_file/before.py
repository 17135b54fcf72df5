# case: expect = await f.write(
# case: reject =     with open(
import asyncio


class Odd:
    def __str__(self):
        return "str"

    def __format__(self, spec):
        return "format"


async def main():
    d = {"k": None}
    value = Odd()
    with open("a", "w", newline="") as f:
        print(file=f)
        print("title", file=f)
        print("tab\t\"quoted\"", file=f)
        print(f"{value:>4} {d['k']}", file=f)
        print(value, file=f, flush=False)
        print("{x}", value, d["k"], sep=", ", end="{}", file=f)
        print("100%", 1 + 1, len(d), -1, file=f, end="\r\n")
        print("it's", '"', sep="\\", file=f)
    with open("a", newline="") as f:
        print(repr(f.read()))


asyncio.run(main())
