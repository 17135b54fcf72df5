from __future__ import annotations

from typing import TYPE_CHECKING, Optional

from app.clients import client, users

if TYPE_CHECKING:
    from acme import Collection, Cursor


class Repo:
    cursor: Optional[Cursor] = None

    def __init__(self, collection: Collection | None = None):
        self.collection = collection or client.collection("users")

    def open(self):
        self.cursor = self.collection.find({}).limit(3)

    def rows(self):
        return [row for row in self.cursor]

    def first(self):
        return next(iter(self.rows()), None)

    def save(self, rows):
        with self.collection.pipeline() as pipeline:
            for row in rows:
                pipeline.put(row)
            pipeline.run()

    @property
    def name(self):
        return self.collection.name


class Audit(Repo):
    def save(self, rows):
        super().save(rows)
        fill(self.collection, len(rows))


def fill(target: Collection, n: int) -> int:
    for i in range(n):
        target.insert({"i": i})
    return target.count()


def other():
    u = users()
    for row in u.find({}):
        yield row
