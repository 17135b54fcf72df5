# case: args = --seed all
# case: expect = while line := await asyncio.to_thread(p.stdout.readline):
# case: expect = await asyncio.to_thread(p.communicate, b"hello")
import subprocess
import sys


def main():
    p = subprocess.Popen([sys.executable, "-uc", "print(1); print(2); raise SystemExit(4)"], stdout=subprocess.PIPE, stdin=subprocess.PIPE)
    for line in p.stdout:
        print(line)
    p.stdin.close()
    p.stdout.close()
    print(p.wait(), p.returncode)
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as p:
        out, err = p.communicate(b"hello")
        print(out, err)
    print(p.returncode)


main()
