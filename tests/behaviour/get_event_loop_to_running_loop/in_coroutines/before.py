# case: expect = loop = asyncio.get_running_loop()
import asyncio


async def main():
    loop = asyncio.get_event_loop()
    fut = loop.create_future()
    loop.call_soon(fut.set_result, 3)
    print(await fut, loop.is_running())

    def cb():
        return asyncio.get_event_loop() is loop

    print(cb())


asyncio.run(main())
