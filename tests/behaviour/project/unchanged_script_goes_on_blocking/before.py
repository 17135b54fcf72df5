# case: args = --seed all --target-version 3.11
# case: unchanged
import time

print("one")
time.sleep(0.01)
try:
    time.sleep(-1)
except ValueError:
    print("negative")
