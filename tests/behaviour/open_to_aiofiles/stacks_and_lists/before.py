# case: expect = AsyncExitStack
import asyncio
from contextlib import ExitStack, suppress


async def main():
    with ExitStack() as stack:
        stack.enter_context(suppress(KeyError))
        files = [stack.enter_context(open(f"{n}.txt", "w+")) for n in range(3)]
        log = stack.enter_context(open("log", "w"))
        for number, _ in enumerate(files):
            files[number].write(str(number) * 3)
        for file in files:
            file.seek(0)
            log.write(file.read() + ";")
        print(len(files), files[0].name)
        raise KeyError
    print(log.closed, [file.closed for file in files])
    with open("log") as f:
        print(f.read())


asyncio.run(main())
