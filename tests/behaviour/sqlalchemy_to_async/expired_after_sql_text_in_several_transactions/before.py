# SQL text changes rows of objects that the session holds, before more is done with the session.
# case: args = --seed all --unsafe
# case: expect = s.expire_all()
# case: expect = await s.refresh(a)
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session, joinedload, selectinload

from db import SessionLocal, engine, setup
from models import Author, Book


def main():
    setup()
    with SessionLocal() as s:
        a = s.get(Author, 1)
        s.execute(text("update author set age = 77 where id = 1"))
        s.commit()
        print(a.age)
        s.query(Author).filter(Author.id == 1).update({"age": 78})
        s.commit()
        print(a.age)
        with engine.begin() as conn:
            conn.execute(text("update author set age = 79 where id = 1"))
        print(a.age)
        s.commit()
        print(a.age)


main()

