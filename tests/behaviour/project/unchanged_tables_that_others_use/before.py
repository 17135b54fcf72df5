# case: args = --scope project --seed all --select requests_to_httpx,open_to_aiofiles,time_sleep_to_asyncio
# case: unchanged
import threading

import tables


def main():
    print(list(map(tables.MAPPED["load"], [1])), tables.mapped("load"))
    tables.FILLED["text"] = str
    print(tables.filled("load"), tables.filled("text"))
    tables.HOOK = str
    print(tables.hook())
    thread = threading.Thread(target=tables.THREADS["show"], args=("thread",))
    thread.start()
    thread.join()
    tables.THREADS["show"]("here")
    print(list(map(tables.get(), [5])), tables.get()(6))


if __name__ == "__main__":
    main()
