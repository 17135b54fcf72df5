"""A method that blocks and gives something to await: who awaits it on an unknown object may mean this one."""
# case: args = --seed time_sleep_to_asyncio --scope project
# case: unchanged
import asyncio
import time


class Job:
    def start(self):
        time.sleep(0.001)
        return asyncio.ensure_future(asyncio.sleep(0, "done"))


async def run(jobs):
    for job in jobs.values():
        print(await job.start())


async def main():
    await run({"one": Job()})


if __name__ == "__main__":
    asyncio.run(main())
