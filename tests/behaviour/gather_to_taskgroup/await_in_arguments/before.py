# case: args = --select gather_to_taskgroup
# case: expect = asyncio.TaskGroup()
# case: reject = asyncio.gather
import asyncio
async def key(): print("key0"); await asyncio.sleep(0); print("key1"); return "k"
async def get(k): print("get", k); return k
async def other(): print("other"); return 0
async def main():
    print(await asyncio.gather(other(), get(await key())))
asyncio.run(main())
