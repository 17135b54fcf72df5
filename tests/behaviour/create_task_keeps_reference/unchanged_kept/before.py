# case: unchanged
import asyncio

keep = []


async def job(fut):
    await fut
    print("job done")


async def main():
    fut = asyncio.get_running_loop().create_future()
    keep.append(asyncio.create_task(job(fut)))
    fut.set_result(None)
    await asyncio.sleep(.01)


asyncio.run(main())
