# The `repr` of a dataclass reads its relationships.
# case: args = --unsafe
# case: unchanged
from sqlalchemy import ForeignKey, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, Session, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Author(MappedAsDataclass, Base):
    __tablename__ = "authors"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    name: Mapped[str]
    books: Mapped[list["Book"]] = relationship(default_factory=list)


class Book(MappedAsDataclass, Base):
    __tablename__ = "books"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    title: Mapped[str]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("authors.id"), init=False)


engine = create_engine("sqlite://")


def main():
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([Author(name="ann", books=[Book(title="x"), Book(title="y")]), Author(name="bob", books=[Book(title="z")])])
        session.commit()
    with Session(engine) as session:
        print(session.scalars(select(Author)).first())

main()
