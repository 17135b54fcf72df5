# `asyncio.to_thread` would print the caller's value.
# case: unchanged
import asyncio
import contextvars

user = contextvars.ContextVar("user", default="nobody")


async def main():
    user.set("ann")
    loop = asyncio.get_running_loop()
    print(await loop.run_in_executor(None, user.get))


asyncio.run(main())
