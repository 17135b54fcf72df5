# case: expect = await asyncio.to_thread(shutil.copytree
import asyncio
import os
import shutil


async def main():
    os.mkdir("a")
    with open("a/x.txt", "w") as f:
        f.write("x" * 10)
    shutil.copytree("a", "b", ignore=shutil.ignore_patterns("*.pyc"))
    print(shutil.copy("b/x.txt", "c"), shutil.move("c", "d"), sorted(os.listdir("b")))
    shutil.rmtree("a")
    shutil.rmtree("a", ignore_errors=True)
    try:
        shutil.copyfile("nope", "e")
    except FileNotFoundError as error:
        print(error.filename)
    print(os.path.exists("a"), shutil.which("no-such-program"), shutil.disk_usage(".").total > 0)


asyncio.run(main())
