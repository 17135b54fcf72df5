# case: args = --select gather_to_taskgroup
# case: expect = async with asyncio.timeout(5):
# case: expect = async with asyncio.timeout(0.05):
# case: reject = wait_for
import asyncio


async def f(x):
    await asyncio.sleep(0)
    return x * 10


async def hangs(log):
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        log.append("cancelled")
        raise


async def limited(log):
    await asyncio.wait_for(asyncio.gather(hangs(log), f(1)), timeout=0.05)


async def main():
    a, b = await asyncio.wait_for(asyncio.gather(f(1), f(2)), 5)
    print(a, b)
    print(await asyncio.wait_for(asyncio.gather(*[f(x) for x in range(3)]), timeout=5))
    log = []
    try:
        await limited(log)
    except asyncio.TimeoutError:
        print("too late", log)
        raise SystemExit(0)


asyncio.run(main())
