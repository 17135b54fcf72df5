# The functions that hand queries on are private to their file, which is not the file of the engine.
# case: args = --seed all --unsafe
# case: expect = def paginate(db: AsyncSession, query: Select
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Query, Session

from db import SessionLocal, setup
from models import Author, Book


@dataclass
class Page:
    items: list
    total: int
    page: int


def paginate(query: Query, page: int, size: int) -> Page:
    total = query.count()
    items = query.limit(size).offset((page - 1) * size).all()
    return Page(items, total, page)


def search(db: Session, title=None, min_price=None, order="id"):
    query = db.query(Book)
    if title:
        query = query.filter(Book.title.like(f"%{title}%"))
    if min_price is not None:
        query = query.filter(Book.price >= min_price)
    return query.order_by(getattr(Book, order))


def main():
    setup()
    with SessionLocal() as db:
        page = paginate(search(db), 1, 2)
        print(page.total, [b.title for b in page.items])
        page = paginate(search(db, min_price=2), 1, 2)
        print(page.total, [b.title for b in page.items])


main()
