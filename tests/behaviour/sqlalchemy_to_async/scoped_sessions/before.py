# case: args = --unsafe
# case: expect = db = async_scoped_session(async_sessionmaker(bind=engine, expire_on_commit=False), scopefunc=asyncio.current_task)
from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, scoped_session, sessionmaker


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


engine = create_engine("sqlite://")
db = scoped_session(sessionmaker(bind=engine))


def add(name):
    db.add(User(name=name))
    db.commit()


def main():
    Base.metadata.create_all(engine)
    add("ann")
    print(db.get(User, 1).name, db() is db())
    db.remove()
    print(db.get(User, 2))
    db.remove()
    engine.dispose()


if __name__ == "__main__":
    main()
