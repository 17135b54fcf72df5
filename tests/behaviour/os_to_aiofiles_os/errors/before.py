import asyncio
import os


async def main():
    for call in (1, 2, 3):
        try:
            if call == 1:
                os.stat("nope")
            elif call == 2:
                os.remove("nope")
            else:
                os.listdir("nope")
        except FileNotFoundError as error:
            print(call, error.errno, error.filename)
    os.symlink("nope", "link")
    print(os.path.lexists("link"), os.path.exists("link"), os.path.islink("link"), os.readlink("link"))
    print(os.lstat("link").st_size, os.access(".", os.R_OK), os.path.samefile(".", os.getcwd()))


asyncio.run(main())
