# case: unchanged
# Under `asyncio.run` these handlers would never run: Ctrl-C cancels the task.
import contextlib
import os
import signal
import time


def stop():
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(0.01)


def poll():
    try:
        stop()
    except KeyboardInterrupt:
        print("poll stops")


def several():
    try:
        stop()
    except (ValueError, KeyboardInterrupt) as error:
        print(type(error).__name__)


def quiet():
    with contextlib.suppress(KeyboardInterrupt):
        stop()
    print("quiet")


def wider():
    try:
        stop()
    except KeyboardInterrupt:
        raise
    except BaseException:
        print("never")


if __name__ == "__main__":
    poll()
    several()
    quiet()
    try:
        wider()
    except KeyboardInterrupt:
        print("wider")
