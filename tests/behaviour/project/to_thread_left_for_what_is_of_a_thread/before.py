# case: args = --scope project --seed all --unsafe
# case: expect = await asyncio.sleep(0.001)
# case: reject = to_thread
# What belongs to the thread that made it fails in every other one: not even `--unsafe` moves it there.
import asyncio
import signal
import sqlite3
import threading
import time

local = threading.local()


class Store:
    def __init__(self):
        time.sleep(0.001)
        self.db = sqlite3.connect(":memory:")
        self.db.execute("create table names (name)")

    def __len__(self):
        return self.count()

    def count(self):
        time.sleep(0.001)
        return self.db.execute("select count(*) from names").fetchone()[0]


class Ask:
    def __len__(self):
        return name_of_user()

    def __bool__(self):
        return is_main() and handled()


def name_of_user():
    time.sleep(0.001)
    return local.user


def is_main():
    time.sleep(0.001)
    return threading.current_thread() is threading.main_thread()


def handled():
    time.sleep(0.001)
    return signal.signal(signal.SIGTERM, signal.SIG_DFL) is not None


class Options:
    def set_handlers(self):
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


class Server:
    def __init__(self, options):
        self.options = options

    def serve(self):
        time.sleep(0.001)
        self.options.set_handlers()
        return 4

    def __len__(self):
        return self.serve()


async def main():
    time.sleep(0.001)
    local.user = 3
    store = Store()
    print(store.count(), len(store), name_of_user(), len(Ask()), bool(Ask()), is_main(), handled())
    server = Server(globals()["Opt" + "ions"]())
    print(server.serve(), len(server))


if __name__ == "__main__":
    asyncio.run(main())
