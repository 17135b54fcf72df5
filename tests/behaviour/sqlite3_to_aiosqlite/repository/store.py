from __future__ import annotations

import sqlite3
from typing import Optional


class Store:
    """A connection on `self`, and cursors that other functions get."""

    connection: Optional[sqlite3.Connection] = None

    def open(self, path: str) -> None:
        self.connection = sqlite3.connect(path)
        self.connection.execute("create table if not exists note(text text)")

    def add(self, *texts: str) -> int:
        with self.connection:
            cursor = self.connection.executemany("insert into note values (?)", [(text,) for text in texts])
            return cursor.rowcount

    def find(self, part: str) -> sqlite3.Cursor:
        return self.connection.execute("select text from note where text like ?", (f"%{part}%",))

    def close(self) -> None:
        self.connection.close()


def texts(cursor: sqlite3.Cursor) -> list[str]:
    return [text for (text,) in cursor]
