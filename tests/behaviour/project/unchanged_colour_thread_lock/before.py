# case: args = --scope project --seed all --make-async before:save --select requests_to_httpx,open_to_aiofiles,time_sleep_to_asyncio
# case: unchanged
import threading
L = threading.Lock()
def save(x):
    with L: print("save", x)
def main():
    ts = [threading.Thread(target=save, args=(i,)) for i in range(2)]
    for t in ts: t.start(); t.join()
main()
