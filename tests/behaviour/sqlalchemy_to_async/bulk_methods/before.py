# case: args = --unsafe
# case: expect = await session.run_sync(lambda session: session.bulk_save_objects([User(name=name) for name in names]))
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, sessionmaker


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


engine = create_engine("sqlite://")
make_session = sessionmaker(engine)


def save(names):
    with make_session.begin() as session:
        session.bulk_save_objects([User(name=name) for name in names])
        session.bulk_insert_mappings(User, [{"name": "mapped"}])


def main():
    Base.metadata.create_all(engine)
    save(["a", "b"])
    with make_session() as session:
        print(session.scalar(select(func.count()).select_from(User)))
        print(session.execute(select(User.id, User.name).order_by(User.id)).mappings().all())
    engine.dispose()


if __name__ == "__main__":
    main()
