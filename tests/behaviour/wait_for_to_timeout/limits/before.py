# case: args = --target-version 3.12
# case: expect = async with asyncio.timeout(0.01):
# case: expect = async with asyncio.timeout(5):
import asyncio


async def slow(x):
    try:
        await asyncio.sleep(1)
    except asyncio.CancelledError:
        print("cancelled", x)
        raise


async def quick(x):
    await asyncio.sleep(0)
    return x


async def fails():
    raise ValueError("no")


async def main():
    try:
        await asyncio.wait_for(slow(1), 0.01)
    except TimeoutError:
        print("late")
    value = await asyncio.wait_for(quick(2), timeout=5)
    print(value)
    try:
        await asyncio.wait_for(fails(), 5)
    except ValueError as error:
        print(error)
    return await asyncio.wait_for(quick(3), 5)


print(asyncio.run(main()))
