# What an attribute is given is computed by the database: after the flush it is loaded when it is read.
# case: args = --seed all --unsafe
# case: expect = await s.refresh(b, ["age"])
# case: expect = await s.refresh(c, ["age"])
from sqlalchemy import text

from db import SessionLocal, setup
from models import Author


def main():
    setup()
    with SessionLocal() as s:
        a = Author(name="s")
        s.add(a)
        s.commit()
        print(a.age)
        b = Author(name="t")
        s.add(b)
        s.flush()
        print(b.age)
        b.age = Author.age + 1
        s.commit()
        print(b.age)
        c = s.get(Author, 1)
        c.age = Author.age + 2
        s.flush()
        print(c.name, c.age)


main()
