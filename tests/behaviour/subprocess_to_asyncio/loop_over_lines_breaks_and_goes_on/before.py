# case: expect = while line := await asyncio.to_thread(
import asyncio
import subprocess
import sys

CODE = "for n in range(5): print(n, flush=True)"


async def first(stop):
    process = subprocess.Popen([sys.executable, "-c", CODE], stdout=subprocess.PIPE, text=True)
    for line in process.stdout:
        if line.strip() == "1":
            continue
        print("line", line.strip())
        if line.startswith(stop):
            break
    else:
        print("all")
    rest = process.stdout.read()
    print(rest.split(), process.wait(timeout=10))
    process.stdout.close()


async def main():
    await first("2")
    await first("9")


asyncio.run(main())
