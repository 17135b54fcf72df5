# case: args = --seed all
# case: expect = await asyncio.to_thread(q.put, i)
# case: expect = except queue.Empty
# case: expect = q.put(1, block=False)
import queue, threading


def main():
    q = queue.Queue(maxsize=2); out = []

    def worker():
        while True:
            x = q.get()
            if x is None: q.task_done(); break
            out.append(x * 2); q.task_done()

    t = threading.Thread(target=worker); t.start()
    for i in range(5): q.put(i)
    q.put(None); q.join(); t.join()
    print(out, q.empty(), q.qsize())
    try: q.get_nowait()
    except queue.Empty: print("Empty")
    try: q.get(timeout=.01)
    except queue.Empty: print("Empty after timeout")
    q.put_nowait(1); q.put_nowait(1)
    try: q.put(1, block=False)
    except queue.Full: print("Full")


main()
