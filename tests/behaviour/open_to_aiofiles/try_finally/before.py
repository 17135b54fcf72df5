# case: expect = aiofiles.open
import asyncio


async def main():
    f = open("a", "w")
    try:
        f.write("x")
        1 / 0
    except ZeroDivisionError:
        print("zde", f.closed)
    finally:
        f.close()
    print(f.closed)
    f = open("a"); print(f.read()); f.close()


asyncio.run(main())
