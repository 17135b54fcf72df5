# case: unchanged
import asyncio

from tool import main


async def serve():
    await asyncio.sleep(0)
    return main()


print(asyncio.run(serve()))
