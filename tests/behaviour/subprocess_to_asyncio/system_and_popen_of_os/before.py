# case: expect = await asyncio.to_thread(os.system, "exit 3")
# case: expect = await asyncio.to_thread(os.popen("echo one").read)
import asyncio
import os


async def main():
    status = os.system("exit 3")
    print(status, status >> 8)
    print(os.popen("echo one").read())
    with os.popen("echo two; echo three") as lines:
        for line in lines:
            print(line, end="")
    pid = os.fork()
    if pid == 0:
        os._exit(5)
    print(os.waitpid(pid, 0)[1] >> 8)


asyncio.run(main())
