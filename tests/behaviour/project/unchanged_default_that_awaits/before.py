# case: args = --seed all --unsafe
# case: unchanged
import asyncio


async def load(n):
    await asyncio.sleep(0.001)
    return n


async def main():
    def inner(x, default=[await load(1) for _ in (1,)][0]):
        return x + default

    print(inner(1))


asyncio.run(main())
