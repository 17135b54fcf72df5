# case: args = --scope project --seed all --unsafe
# case: expect = async def poll(
# With `--unsafe` the function is taken, and a note tells of the handler.
import time


def poll():
    try:
        time.sleep(0.001)
        print("polled")
    except KeyboardInterrupt:
        print("stopped")


if __name__ == "__main__":
    poll()
