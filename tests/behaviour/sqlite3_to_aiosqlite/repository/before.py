# case: args = --seed all --unsafe
# case: expect store.py = connection: Optional[aiosqlite.Connection] = None
# case: expect store.py = async def find(self, part: str) -> aiosqlite.Cursor:
# case: expect store.py = return [text async for (text,) in cursor]
# case: reject store.py = import sqlite3
from store import Store, texts


def main():
    store = Store()
    store.open("notes.db")
    try:
        print(store.add("tea", "toast", "coffee"))
        print(texts(store.find("t")), store.find("coff").fetchone())
    finally:
        store.close()


if __name__ == "__main__":
    main()
