# Methods and properties of a model read what is lazy: whoever calls or reads them has to have it loaded.
# case: args = --seed all --unsafe
# case: expect = s.get(Author, 2, options=[selectinload(Author.books)]
from db import SessionLocal, setup
from models import Author


def main():
    setup()
    with SessionLocal() as s:
        print([a.to_dict() for a in s.query(Author).order_by(Author.id)])
    with SessionLocal() as s:
        print(s.get(Author, 2).label)


main()
