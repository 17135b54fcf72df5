# The fields of a text read attributes.
# case: args = --unsafe
# case: unchanged
from sqlalchemy import ForeignKey, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Author(Base):
    __tablename__ = "authors"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    books: Mapped[list["Book"]] = relationship(back_populates="author")


class Book(Base):
    __tablename__ = "books"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    author_id: Mapped[int] = mapped_column(ForeignKey("authors.id"))
    author: Mapped[Author] = relationship(back_populates="books")


engine = create_engine("sqlite://")


def main():
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([Author(name="ann", books=[Book(title="x"), Book(title="y")]), Author(name="bob", books=[Book(title="z")])])
        session.commit()
    with Session(engine) as session:
        for book in session.scalars(select(Book).order_by(Book.id)):
            print("{0.title} by {0.author.name}".format(book))

main()
