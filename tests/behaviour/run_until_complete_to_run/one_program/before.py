# case: args = --target-version 3.11
# case: expect = asyncio.run(main())
# case: reject = new_event_loop
import asyncio


async def main():
    await asyncio.sleep(0)
    return 3


def run():
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(main())
    finally:
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


if __name__ == "__main__":
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    print(loop.run_until_complete(main()))
    loop.close()
    print(run(), run())
