# case: args = --unsafe --target-version 3.11
# case: unchanged
# case: py < 3.12
import asyncio
import contextvars

v = contextvars.ContextVar("v", default=0)


async def st():
    v.set(1)


async def main():
    await asyncio.wait_for(st(), 1)
    print(v.get())


asyncio.run(main())
