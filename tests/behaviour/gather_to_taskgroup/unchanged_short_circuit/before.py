# case: args = --select gather_to_taskgroup
# case: unchanged
import asyncio
async def f(x): print("run", x); return x
async def main():
    flag = False
    r = flag and await asyncio.gather(f(1), f(2))
    print(r)
    i = 0
    while i < 2 and await asyncio.gather(f(i)): i += 1
asyncio.run(main())
