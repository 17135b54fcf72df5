# No session refreshes an object that it was not given yet.
# case: args = --seed all --unsafe
# case: expect = await session.refresh(author, ["books"])
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session, joinedload, selectinload

from db import SessionLocal, engine, setup
from models import Author, Book


def order(session, titles):
    author = Author(name="new")
    for title in titles:
        found = session.query(Book).filter(Book.title == title).first()
        author.books.append(Book(title=title + "!", price=found.price if found else 0))
    session.add(author)
    session.commit()
    session.refresh(author)
    return [b.title for b in author.books]


def pending(session):
    author = Author(name="p")
    print(author.books, session.query(Author).count())
    session.add(author)
    print(author.books)
    session.flush()
    print(author.books)
    return author


def main():
    setup()
    with SessionLocal() as session:
        print(order(session, ["a", "zz"]))
        pending(session)


main()

