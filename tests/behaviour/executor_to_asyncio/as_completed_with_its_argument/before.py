# case: args = --seed all
# case: expect = while fut := await asyncio.to_thread(next, completed, None):
import time
from concurrent.futures import ThreadPoolExecutor, as_completed


def work(x):
    time.sleep(.5 * x)
    return x * x


def main():
    with ThreadPoolExecutor() as ex:
        futs = {ex.submit(work, x): x for x in (2, 0, 1)}
        for fut in as_completed(futs):
            print(futs[fut], fut.result())
        print(sorted(f.result() for f in as_completed(futs)), [f.done() for f in as_completed(list(futs))])


main()
