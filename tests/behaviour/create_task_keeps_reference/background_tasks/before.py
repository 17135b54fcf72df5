# case: expect = _background_tasks.add(task)
import asyncio


async def job(x):
    await asyncio.sleep(.01)
    print("job", x)


async def main():
    asyncio.create_task(job(1))
    for number in (2, 3):
        asyncio.ensure_future(job(number))  # runs on
    await asyncio.sleep(.1)
    print("end")


asyncio.run(main())
