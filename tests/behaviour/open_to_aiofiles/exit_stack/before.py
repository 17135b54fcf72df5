# case: args = --seed all
# case: expect = enter_async_context(aiofiles.open(n))
import contextlib
def main():
    for n in "abc":
        with open(n, "w") as f: f.write(n * 3)
    with contextlib.ExitStack() as stack:
        files = [stack.enter_context(open(n)) for n in "abc"]
        stack.callback(print, "callback")
        print([f.read() for f in files])
    print([f.closed for f in files])
main()
