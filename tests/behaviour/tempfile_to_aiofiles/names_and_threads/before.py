# case: expect = await asyncio.to_thread(tempfile.mkdtemp)
import asyncio
import os
import tempfile
from tempfile import NamedTemporaryFile


async def main():
    folder = tempfile.mkdtemp()
    handle, name = tempfile.mkstemp(dir=folder, suffix=".x")
    os.close(handle)
    print(os.path.exists(name), name.endswith(".x"), os.path.dirname(name) == folder)
    with NamedTemporaryFile("w+", dir=folder, delete=False) as f:
        for line in ("b\n", "a\n"):
            f.write(line)
        f.seek(0)
        print(sorted(f), f.closed)
    print(f.closed, os.path.exists(f.name), len(os.listdir(folder)))
    with tempfile.TemporaryDirectory() as a, tempfile.TemporaryDirectory(dir=a) as b:
        print(os.path.dirname(b) == a, os.listdir(a) == [os.path.basename(b)])
    print(os.path.exists(a))


asyncio.run(main())
