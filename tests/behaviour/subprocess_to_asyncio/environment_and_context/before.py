# case: expect = asyncio.to_thread(
import asyncio
import os
import subprocess
import tempfile


async def main():
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            ["sh", "-c", "pwd; echo $NAME"],
            cwd=folder,
            env={**os.environ, "NAME": "value"},
            stdout=subprocess.PIPE,
            # both at once
            stderr=subprocess.STDOUT,
        )
        lines = done.stdout.decode().split()
        print(os.path.samefile(lines[0], folder), lines[1:])
        with open(os.path.join(folder, "out"), "w") as file:
            print(subprocess.call(["echo", "into a file"], stdout=file))
        with open(os.path.join(folder, "out")) as file:
            print(file.read())
    try:
        subprocess.run(["/does/not/exist"])
    except FileNotFoundError as error:
        print(error.filename)


asyncio.run(main())
