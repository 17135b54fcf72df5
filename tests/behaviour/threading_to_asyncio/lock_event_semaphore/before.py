# case: args = --seed all
# case: expect = await asyncio.to_thread(self.ev.wait)
# case: expect = for t in ts: await asyncio.to_thread(t.join)
import threading


class C:
    def __init__(self):
        self.lock = threading.Lock(); self.ev = threading.Event(); self.n = 0

    def add(self, k):
        with self.lock:
            self.n += k
        if self.n == 3: self.ev.set()

    def wait(self): return self.ev.wait()


def main():
    c = C(); ts = [threading.Thread(target=c.add, args=(1,)) for _ in range(3)]
    for t in ts: t.start()
    print(c.wait(), c.n)
    for t in ts: t.join()
    print(c.ev.is_set(), c.lock.locked(), c.ev.wait(timeout=.01))
    e = threading.Event(); print(e.wait(.01))
    s = threading.BoundedSemaphore(1)
    with s: print("in")
    print(c.lock.acquire(), c.lock.acquire(blocking=False))


main()
