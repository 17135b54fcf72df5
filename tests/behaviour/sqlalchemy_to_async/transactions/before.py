# case: args = --unsafe
from sqlalchemy import create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


engine = create_engine("sqlite://")


def names(session: Session) -> list[str]:
    return list(session.scalars(select(User.name).order_by(User.id)))


def nested(session: Session) -> None:
    with session.begin():
        session.add(User(name="kept"))
        try:
            with session.begin_nested():
                session.add(User(name="dropped"))
                session.flush()
                raise ValueError
        except ValueError:
            print("inner rolled back")
    print(names(session), session.in_transaction())
    session.rollback()
    print(session.in_transaction())


def by_hand(session: Session) -> None:
    session.begin()
    session.add(User(name="by hand"))
    session.commit()
    savepoint = session.begin_nested()
    session.add(User(name="savepoint"))
    session.flush()
    savepoint.rollback()
    print(names(session))
    session.commit()


def fails(session: Session) -> None:
    try:
        with session.begin():
            session.add(User(name="lost"))
            raise KeyError("no")
    except KeyError as error:
        print("failed", error)
    print(names(session))
    with session.no_autoflush:
        session.add(User(name="pending"))
        print(names(session), len(session.new))
    session.rollback()


def main() -> None:
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        nested(session)
    with Session(bind=engine, autoflush=True) as session:
        by_hand(session)
        fails(session)
    with engine.connect() as connection, connection.begin():
        print(connection.execute(select(User.name)).scalars().all())
    engine.dispose()


if __name__ == "__main__":
    main()
