# case: unchanged
import asyncio
import shutil
import tempfile


async def main():
    folder = tempfile.TemporaryDirectory()
    print(folder.name != "")
    folder.cleanup()
    with tempfile.NamedTemporaryFile(errors="replace", mode="w") as f:
        print(f.write("x"))
    with tempfile.TemporaryFile() as f, tempfile.TemporaryFile() as g:
        shutil.copyfileobj(f, g.file if hasattr(g, "file") else g)
        print("copied")


asyncio.run(main())
