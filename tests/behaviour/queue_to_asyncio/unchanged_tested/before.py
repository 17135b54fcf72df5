# case: unchanged
import asyncio
import queue

jobs = queue.Queue()
for number in range(3):
    jobs.put(number)


async def take(name):
    if jobs.empty():
        return f"{name}: nothing"
    return f"{name}: {jobs.get()}"


async def main():
    # Five ask for three items: none may wait for one that another has taken.
    answers = await asyncio.wait_for(asyncio.gather(*[take(name) for name in "abcde"]), 5)
    print(sorted(answers))


asyncio.run(main())
