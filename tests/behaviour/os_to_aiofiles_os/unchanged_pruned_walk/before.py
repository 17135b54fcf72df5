# case: args = --seed all
# case: unchanged
import os
os.makedirs("r/keep/x"); os.makedirs("r/skip/y")
for root, dirs, files in os.walk("r"):
    dirs[:] = sorted(d for d in dirs if d != "skip")
    print(root)
