# case: expect work.py = async def work(n):
# case: expect tool = print("tool", await work(int(sys.argv[1])))
# case: expect tool = asyncio.run(main())
# case: keep notes
# A script is Python by its first line.
import subprocess
import sys

from work import work


def main():
    print(work(1))


if __name__ == "__main__":
    subprocess.run([sys.executable, "tool", "21"], check=True)
    main()
