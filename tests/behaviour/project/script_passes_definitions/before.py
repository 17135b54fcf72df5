# case: args = --seed all --target-version 3.11
# case: expect = async def async_main():
# case: expect = global total
# case: reject = time.sleep
import time
from typing import Optional

total = 0
# The first wait.
time.sleep(0.01)
if total == 0:
    total += 1
    # Deeper than the statement.

# What is counted.


class Counter:
    """Counts."""

    step: int = 1
    name = "counter"

    def __init__(self, start: Optional[int] = None):
        self.start = start or total

    @property
    def value(self):
        return self.start + self.step
# Behind the class.


def show(counter: Counter, label="it"):
    print(label, counter.value, """a
    text""")  # shown
# The second wait.
time.sleep(0.01)
show(Counter())

async def later(): return total
def main():
    time.sleep(0.01)
    return "main"


print(main(), later.__name__)  # printed


def last():
    return total


print(last())
