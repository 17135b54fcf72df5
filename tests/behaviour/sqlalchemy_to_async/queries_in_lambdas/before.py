# A lambda cannot await; what it gives is awaited where it is called.
# case: args = --seed all --unsafe
# case: expect = lambda: s.run_sync(lambda s: s.query(Author).one())
# case: expect = lambda: s.get(Author, 2)
# case: expect = (await f()).name
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session, joinedload, selectinload

from db import SessionLocal, engine, setup
from models import Author, Book


def main():
    setup()
    with SessionLocal() as s:
        for f in (lambda: s.query(Author).filter(Author.id == 1).one(), lambda: s.query(Author).one(), lambda: s.get(Author, 2)):
            try:
                print(f().name)
            except Exception as error:
                print(type(error).__name__)


main()

