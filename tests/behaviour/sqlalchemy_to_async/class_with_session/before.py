# case: args = --unsafe
from sqlalchemy import create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Users:
    def __init__(self, session: Session):
        self.session = session

    def add(self, name):
        user = User(name=name)
        self.session.add(user)
        self.session.flush()
        return user.id

    def names(self):
        return self.session.scalars(select(User.name).order_by(User.name)).all()

    def __contains__(self, user):
        return user in self.session


class UnitOfWork:
    def __init__(self, maker):
        self.maker = maker

    def __enter__(self):
        self.session = self.maker()
        self.users = Users(self.session)
        return self

    def __exit__(self, kind, error, trace):
        if kind is None:
            self.session.commit()
        else:
            self.session.rollback()
        self.session.close()


class Database:
    def __init__(self, url="sqlite://"):
        self._engine = create_engine("sqlite://")
        self._maker = sessionmaker(bind=self._engine, autoflush=False)

    def create(self):
        Base.metadata.create_all(self._engine)

    def work(self):
        return UnitOfWork(self._maker)

    def close(self):
        self._engine.dispose()


def main():
    database = Database()
    database.create()
    with database.work() as work:
        print(work.users.add("bob"), work.users.add("ann"))
    try:
        with database.work() as work:
            work.users.add("lost")
            raise RuntimeError("no")
    except RuntimeError as error:
        print(error)
    with database.work() as work:
        print(work.users.names())
    database.close()


if __name__ == "__main__":
    main()
