# case: args = --unsafe
# case: unchanged
from sqlalchemy import create_engine, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


engine = create_engine("sqlite://")


def main():
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        user = User(name="ann")
        session.add(user)
        session.flush()
        session.execute(text("update users set name = 'bob'"))
        session.expire(user)
        print(user.name)


if __name__ == "__main__":
    main()
