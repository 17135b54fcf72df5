# case: args = --seed all --target-version 3.11
# case: expect = async def main():
# case: expect = global total
# case: expect = await asyncio.to_thread(os.system, "exit 3")
# case: reject = time.sleep
import json
import os
import time

NAME = "numbers.json"
total = 0


def show(label):
    print(label, total)


# Written once.
with open(NAME, "w") as f:
    json.dump([1, 2, 3], f)
time.sleep(0.01)
for number in json.load(open(NAME)):
    total += number
    show(number)
status = os.system("exit 3")  # a wait status
print(status >> 8, [line.strip() for line in open(NAME)])
if status:
    os.remove(NAME)
    print(os.path.exists(NAME))
