# case: expect = await asyncio.to_thread(jobs.get)
# case: expect = jobs.put("a")
import asyncio
import queue


async def main():
    jobs = queue.Queue()
    jobs.put("a")
    print(jobs.get(), jobs.empty())


asyncio.run(main())
