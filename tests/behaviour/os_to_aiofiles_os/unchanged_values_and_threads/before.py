# case: unchanged
import asyncio
import os


async def main():
    names = ["before.py", "."]
    names.sort(key=os.path.isdir)
    print(names, list(filter(os.path.isfile, names)), os.path.join("a", "b"))
    print(await asyncio.to_thread(os.path.exists, "before.py"))


asyncio.run(main())
