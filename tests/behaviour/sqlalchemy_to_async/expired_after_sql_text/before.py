# case: args = --unsafe
# case: expect = session.expire_all()
# case: expect = await session.refresh(user)
from sqlalchemy import create_engine, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    age: Mapped[int]


engine = create_engine("sqlite://")


def grow(session: Session) -> None:
    user = session.get(User, 1)
    session.execute(text("update users set age = age + 1"))
    print(user.age)
    session.commit()
    print(user.age)


def bulk(session: Session) -> None:
    session.query(User).filter(User.age > 1).update({"age": 50}, synchronize_session=False)
    session.commit()  # what is held is old
    print([user.age for user in session.query(User)])


def main() -> None:
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(User(age=30))
        session.commit()
        grow(session)
        bulk(session)
    engine.dispose()


if __name__ == "__main__":
    main()
