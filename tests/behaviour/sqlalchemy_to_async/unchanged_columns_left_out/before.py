# A query leaves columns out, which are loaded when they are read.
# case: args = --seed all --unsafe
# case: unchanged
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.orm import load_only
from db import SessionLocal, engine, setup
from models import Author, Book


def main():
    setup()
    with SessionLocal() as s:
        for a in s.query(Author).options(load_only(Author.name)).order_by(Author.id):
            print(a.name, a.age)


main()

