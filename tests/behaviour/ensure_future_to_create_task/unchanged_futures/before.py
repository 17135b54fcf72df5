# case: unchanged
import asyncio


async def main():
    fut = asyncio.get_running_loop().create_future()
    fut.set_result(5)
    t = asyncio.create_task(asyncio.sleep(0, 6))
    print(await asyncio.ensure_future(fut), await asyncio.ensure_future(t), await asyncio.ensure_future(asyncio.gather()))


asyncio.run(main())
