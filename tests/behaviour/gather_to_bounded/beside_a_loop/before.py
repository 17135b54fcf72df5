# case: args = --select gather_to_bounded,sequential_awaits_to_taskgroup --unsafe --target-version 3.11
# case: expect = async def bounded(
# case: expect = async def bounded_2(
import asyncio


async def double(number):
    await asyncio.sleep(0)
    return number * 2


async def triple(number):
    return number * 3


async def main(numbers):
    gathered = asyncio.gather(*[double(number) for number in numbers])
    tripled = []
    for number in numbers:
        tripled.append(await triple(number))
    print(tripled)
    print(await gathered)


asyncio.run(main(list(range(30))))
