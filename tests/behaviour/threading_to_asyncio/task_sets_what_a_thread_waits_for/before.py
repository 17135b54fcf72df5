# case: expect = asyncio.to_thread(done.wait, 5)
import asyncio
import threading


async def main():
    done, go = threading.Event(), threading.Event()

    def work():
        go.wait()
        done.set()

    async def start():
        go.set()

    threading.Thread(target=work).start()
    task = asyncio.create_task(start())
    await task
    print(done.wait(5))


asyncio.run(main())
