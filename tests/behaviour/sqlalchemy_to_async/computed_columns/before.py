# The database computes a column, again after an UPDATE.
# case: args = --unsafe
# case: expect = await session.refresh(user, ["full"])
from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, column_property, mapped_column


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    first: Mapped[str] = mapped_column()
    last: Mapped[str] = mapped_column()
    full: Mapped[str] = column_property(first + " " + last)


engine = create_engine("sqlite://")


def main():
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        user = User(first="a", last="b")
        session.add(user)
        session.flush()
        print(user.full)
        user.first = "c"
        session.commit()
        print(user.full, session.get(User, 1).full)

main()
