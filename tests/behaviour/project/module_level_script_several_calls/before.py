# case: expect = await fetch(
# case: expect store.py = async def fetch(
import sys

from store import fetch

names = ["a", "b"] if len(sys.argv) < 2 else sys.argv[1:]
for name in names:
    print(fetch(name))
total = sum(len(fetch(name)) for name in names)
print(total)
