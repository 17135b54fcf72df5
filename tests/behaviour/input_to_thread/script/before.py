# case: args = --seed all
# case: expect = asyncio.run(main())
import io
import sys

sys.stdin = io.StringIO("bob\n")


def main():
    name = input()
    print("hi", name)


main()
