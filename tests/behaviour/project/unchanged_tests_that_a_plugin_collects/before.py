# case: unchanged
# A plugin may collect what has no name of a test, and calls it: nothing in sight does.
import importlib
import sys

sys.path.insert(0, "tests")
module = importlib.import_module("loading")
for name, test in vars(module.Loading).items():
    if not name.startswith("_"):
        test(module.Loading())
        print(name)
