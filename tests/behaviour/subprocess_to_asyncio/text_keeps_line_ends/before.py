# case: expect = asyncio.to_thread(
# case: reject = create_subprocess
import asyncio
import subprocess
import sys


async def main():
    code = r"import sys; sys.stdout.buffer.write(b'a\r\nb\rc')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    print(repr(done.stdout))
    print(subprocess.check_output([sys.executable, "-c", code]))


asyncio.run(main())
