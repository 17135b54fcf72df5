# case: expect = await aiofiles.os.path.isfile
# case: reject = import path
import asyncio
from os import listdir as names, path, rename, scandir
from os.path import basename, exists, getsize


async def main():
    with open("a", "w") as f:
        f.write("12345")
    rename("a", "b")
    print(exists("a"), exists("b"), getsize("b"), path.isfile("b"), basename("x/y"))
    with scandir(".") as entries:
        print(sorted(entry.name for entry in entries if entry.is_file()))
    print("b" in names("."), [size for size in (getsize(name) for name in ["b"])])


asyncio.run(main())
