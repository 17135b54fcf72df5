# case: args = --seed all --unsafe
# case: expect = await db.scalar(select(func.max(User.age)))
# case: expect = scalar_one_or_none()
# case: reject = .query(
from sqlalchemy import create_engine, func
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.exc import MultipleResultsFound, NoResultFound


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


def one(db: Session, number):
    try:
        return db.query(User).filter(User.id == number).one()
    except NoResultFound:
        return "none"


def only(db: Session, age):
    try:
        return db.query(User).filter(User.age == age).one_or_none()
    except MultipleResultsFound:
        return "many"


def name_of(db: Session, age):
    try:
        return db.query(User.name).filter(User.age == age).scalar()
    except MultipleResultsFound:
        return "many names"


def main():
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as db:
        fill(db)
        print(one(db, 1), one(db, 9))
        print(only(db, 30), only(db, 31), only(db, 20))
        print(name_of(db, 30), name_of(db, 31), name_of(db, 20))
        print(db.query(func.max(User.age)).scalar(), db.query(func.sum(User.age)).filter(User.id > 99).scalar())
        print(db.query(User).filter(User.id == 2).scalar(), db.query(User.id, User.name).filter(User.id == 3).one())
        print(db.query(User.id, User.name).filter(User.id == 3).scalar())


if __name__ == "__main__":
    main()
