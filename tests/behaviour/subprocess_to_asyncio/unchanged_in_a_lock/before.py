# case: unchanged
import asyncio
import subprocess
import threading

lock = threading.Lock()


async def main():
    with lock:
        subprocess.run(["true"])
    print("done")


asyncio.run(main())
