# case: args = --scope project --seed all --make-async before:timer --make-async before:work
# case: unchanged
# py>=3.10
import contextlib
@contextlib.contextmanager
def timer():
    print("in")
    try: yield
    finally: print("out")
@timer()
def work(): print("body")
work()
