# case: expect = await asyncio.to_thread(input
# case: expect = while line := await asyncio.to_thread(sys.stdin.readline):
import asyncio
import io
import sys


async def main():
    name = input("name? ")
    print("hi", name, input().upper())
    print(sys.stdin.readline())
    total = 0
    for line in sys.stdin:
        if not line.strip():
            continue
        total += int(line)
    print(total)
    try:
        input()
    except EOFError:
        print("end")


sys.stdin = io.StringIO("bob\nann\nline\n1\n\n2\n3")
asyncio.run(main())
