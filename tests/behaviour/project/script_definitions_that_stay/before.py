# case: args = --seed all --target-version 3.11
# case: expect = time.sleep(0.01)
# case: expect = await asyncio.sleep(0.01)
import time

label = "a"
time.sleep(0.01)
label += "b"


def show(text=label):
    print(text)


time.sleep(0.01)
show()
