# A class of the program has methods with the names of methods that sessions have.
# case: args = --seed all --unsafe
# case: expect = await db.add(
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session, joinedload, selectinload

from db import SessionLocal, engine, setup
from models import Author, Book


class Database:
    def __init__(self, url="sqlite:///./h.db"):
        self.engine = engine
        self.Session = SessionLocal

    def session(self):
        return self.Session()

    @property
    def names(self):
        with self.session() as s:
            return [a.name for a in s.query(Author).order_by(Author.id)]

    def add(self, *items):
        with self.session() as s, s.begin():
            s.add_all(items)


def main():
    setup()
    db = Database()
    db.add(Author(name="x"), Author(name="y"))
    print(db.names)


main()

