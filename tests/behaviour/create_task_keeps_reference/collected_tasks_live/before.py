# case: expect = task.add_done_callback(_background_tasks.discard)
import asyncio
import gc


async def job(future):
    await future
    print("job done")


async def main():
    future = asyncio.get_running_loop().create_future()
    asyncio.create_task(job(future))
    await asyncio.sleep(0)
    gc.collect()
    future.set_result(None)
    await asyncio.sleep(.01)
    print("end")


asyncio.run(main())
