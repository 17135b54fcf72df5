# case: args = --select gather_to_taskgroup
# case: unchanged
import asyncio
saved = []
async def save(i):
    await asyncio.sleep(.01 * i)
    if i == 1: raise RuntimeError("one")
    saved.append(i)
async def main():
    try: await asyncio.gather(*[save(i) for i in range(4)])
    except RuntimeError as e: print("error", e)
    await asyncio.sleep(.1)
    print(saved)
asyncio.run(main())
