# case: args = --seed all --unsafe
# case: expect = def base(db: AsyncSession, age=0) -> Select[tuple[User]]:
# case: expect = def with_filters(query: Select, name=None, oldest=None):
# case: reject = .query(
# case: expect = async def logged(
from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Query, Session, mapped_column


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    age: Mapped[int] = mapped_column(default=0)

    def __repr__(self):
        return f"User({self.id}, {self.name}, {self.age})"


def fill(db: Session):
    db.add_all([User(id=1, name="ann", age=30), User(id=2, name="bob", age=20), User(id=3, name="cyd", age=20)])
    db.commit()


def base(db: Session, age=0) -> Query[User]:
    return db.query(User).filter(User.age > age)


def with_filters(query: Query, name=None, oldest=None):
    if name is not None:
        query = query.filter(User.name == name)
    if oldest:
        query = query.filter(User.age <= oldest)
    return query


def logged(db: Session):
    query = db.query(User)
    print("of", query.count())
    return query.filter(User.id > 1)


class Users:
    def __init__(self, session: Session):
        self.session = session

    def _query(self, *conditions):
        return self.session.query(User).filter(*conditions)

    def first(self):
        return self._query().order_by(User.id).first()

    def count(self):
        return self._query(User.age == 20).count()


def main():
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as db:
        fill(db)
        print(base(db).order_by(User.id).all(), base(age=25, db=db).all())
        query = with_filters(db.query(User), oldest=25)
        print(query.count(), with_filters(query, name="cyd").one())
        print(with_filters(base(db), "ann").all(), [user.name for user in with_filters(base(db, 25))])
        print(logged(db).order_by(User.id).all(), len(logged(db).all()))
        users = Users(db)
        print(users.first(), users.count())


if __name__ == "__main__":
    main()
