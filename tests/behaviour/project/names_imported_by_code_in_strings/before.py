# case: keep tools.py
# case: expect = await asyncio.to_thread(ping, "here")
# A string may be code for another interpreter: what it imports there is called without `await`.
import subprocess
import sys

from tools import ping


def told(code):
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    return done.stdout.strip(), done.returncode


def main():
    print(told("from tools import other, ping; ping('there')"))
    ping("here")


if __name__ == "__main__":
    main()
