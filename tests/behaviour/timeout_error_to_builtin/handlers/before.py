# case: args = --target-version 3.11
# case: reject = asyncio.TimeoutError
import asyncio


async def main():
    try:
        await asyncio.wait_for(asyncio.sleep(1), .01)
    except asyncio.TimeoutError as e:
        print(type(e).__name__)
    try:
        raise asyncio.TimeoutError("x")
    except (KeyError, asyncio.TimeoutError) as e:
        print(e)
    try:
        raise TimeoutError("y")
    except (asyncio.TimeoutError, TimeoutError) as e:
        print(e, isinstance(e, (asyncio.TimeoutError, KeyError)))


asyncio.run(main())
