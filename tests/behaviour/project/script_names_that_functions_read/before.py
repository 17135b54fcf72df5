# case: exit = 3
# case: expect = global max, text, total
# case: expect = async def main():
# case: expect = asyncio.run(main())
import time
import sys  # here

def fetch(n):
    time.sleep(0)
    return n
def show():
    print("total", total, count)
count = 5
# Starts here.
for i in range(2):
    print(fetch(i))
total = sum(fetch(i) for i in range(3))  # why

text = """multi
  line""" + str(fetch(1))
if total:
    max = max(total, fetch(2))
    show()
else:
    pass
    # deep
print(text, max)  # trailing
def later():
    print("later", total, text)
later()
sys.exit(total)
