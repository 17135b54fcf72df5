# case: expect = async for x in gen(3):
# case: expect = asyncio.run(main())
import time
def gen(n):
    for i in range(n):
        time.sleep(0)
        yield i
for x in gen(3):
    if x == 2:
        break
    print(x)
else:
    print("no break")
try:
    for x in gen(1): print(1 / x)
except ZeroDivisionError as error:
    print(error)
