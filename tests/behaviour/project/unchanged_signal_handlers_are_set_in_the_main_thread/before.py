"""Only the main thread may set a handler, so what sets one stays there."""

# case: args = --unsafe
# case: unchanged
import asyncio
import signal
import time


def installed(number):
    time.sleep(0.001)
    return signal.signal(number, signal.SIG_IGN)


def prepared():
    return installed(signal.SIGUSR1)


async def main():
    print(prepared() is signal.SIG_DFL, prepared() is signal.SIG_IGN)


print([function.__name__ for function in (installed, prepared)], asyncio.run(main()))
