# case: args = --scope project --seed all --select requests_to_httpx,open_to_aiofiles,time_sleep_to_asyncio
# case: unchanged
# What `modern` leaves running ends with its run: in one run of the whole body it would go on.
import asyncio
import time


async def endless():
    try:
        await asyncio.sleep(0.05)
        print("never")
    except asyncio.CancelledError:
        print("ended")
        raise


async def modern():
    asyncio.create_task(endless())
    await asyncio.sleep(0)
    return "modern"


def classic():
    time.sleep(0.1)
    return "classic"


if __name__ == "__main__":
    print(asyncio.run(modern()))
    print(classic())
