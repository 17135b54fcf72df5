from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

from models import Author, Base, Book

engine = create_engine("sqlite:///./h.db")
SessionLocal = sessionmaker(engine)


def setup():
    Base.metadata.drop_all(engine)
    Base.metadata.create_all(engine)
    with SessionLocal() as session:
        session.add(Author(name="ann", age=30, books=[Book(title="a"), Book(title="b", price=5)]))
        session.add(Author(name="bob", age=20, books=[Book(title="c")]))
        session.commit()
