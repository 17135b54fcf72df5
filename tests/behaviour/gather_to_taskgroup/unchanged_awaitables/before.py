# case: args = --select gather_to_taskgroup
# case: unchanged
import asyncio
async def main():
    loop = asyncio.get_running_loop()
    print(await asyncio.gather(loop.run_in_executor(None, len, "ab"), asyncio.shield(asyncio.sleep(0, 7))))
asyncio.run(main())
