# case: args = --scope project --seed all --select requests_to_httpx,open_to_aiofiles,time_sleep_to_asyncio
# case: unchanged
import threading, time
L = threading.Lock()
def save(x):
    with L: time.sleep(0); print("save", x)
def main():
    ts = [threading.Thread(target=save, args=(i,)) for i in range(2)]
    for t in ts: t.start(); t.join()
main()
