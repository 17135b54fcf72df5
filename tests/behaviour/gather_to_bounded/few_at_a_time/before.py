# case: args = --select gather_to_bounded --unsafe --scope function
# case: expect = asyncio.Semaphore(10)
# case: expect = *[bounded(number) for number in numbers if number != 7]
import asyncio
import sys


class Load:
    def __init__(self):
        self.now = 0
        self.most = 0

    async def work(self, number, *, factor=1):
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(0)
        self.now -= 1
        if number == 7:
            raise ValueError(number)
        return number * factor


async def main(numbers):
    load = Load()
    results = await asyncio.gather(
        *[
            load.work(
                number,
                factor=2,
            )
            for number in numbers
            if number != 7
        ]
    )
    print(results)
    print(await asyncio.gather(*(load.work(number) for number in numbers), return_exceptions=True))
    try:
        await asyncio.gather(*[load.work(number) for number in numbers])
    except ValueError as error:
        print("failed", error)
    tasks = [asyncio.create_task(load.work(number)) for number in numbers if number != 7]
    done, pending = await asyncio.wait(tasks)
    print(len(done), len(pending))
    for factor in (1, 2):
        print(await asyncio.gather(*[load.work(number, factor=factor) for number in numbers if number > 25]))
    results = []
    for next_done in asyncio.as_completed([asyncio.wait_for(load.work(number), 30) for number in numbers if number > 7]):
        results.append(await next_done)
    print(sorted(results))
    if load.most > 10:
        print("all at once", file=sys.stderr)


asyncio.run(main(range(30)))
