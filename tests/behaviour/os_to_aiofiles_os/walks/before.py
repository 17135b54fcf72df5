# case: args = --select os_to_aiofiles_os
# case: expect = in await asyncio.to_thread(list, os.walk("r"))
# case: expect = await asyncio.to_thread(glob.glob
import asyncio
import glob
import os


async def main():
    for name in ("r/a/b", "r/c"):
        os.makedirs(name)
    for root, dirs, files in os.walk("r"):
        print(sorted(dirs), files)
    print(sorted(os.path.relpath(root, "r") for root, _, _ in os.walk("r", topdown=False)))
    print(sorted(glob.glob("r/*")), sorted(glob.iglob("r/**/b", recursive=True)), len(list(os.walk("r"))))
    try:
        os.rmdir("r")
    except OSError as error:
        print(type(error).__name__)
    for root, dirs, files in os.walk("missing"):
        print("never")


asyncio.run(main())
