# case: args = --scope project --seed all --make-async before:work
import functools, time
def logged(fn):
    @functools.wraps(fn)
    def wrapper(*a, **k):
        print("start", fn.__name__)
        try: return fn(*a, **k)
        except ValueError as e: print("caught", e); return None
        finally: print("end")
    return wrapper
@logged
def work(x):
    print("body")
    if x < 0: raise ValueError(x)
    return x
def main(): print(work(1), work(-1))
main()
