# case: args = --seed all --unsafe
# case: expect = return await db.run_sync(lambda db: db.query(what).order_by(User.id).all())
# case: expect = await self.session.run_sync(lambda session: session.query(self.what)
from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column


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


def every(db: Session, what):
    return db.query(what).order_by(User.id).all()


def one(db: Session, model, **values):
    return db.query(model).filter_by(**values).first()


def names(db: Session, *columns):
    return [tuple(row) for row in db.query(*columns).order_by(User.id)]


class Store:
    def __init__(self, session: Session, what):
        self.session = session
        self.what = what

    def first(self):
        return self.session.query(self.what).order_by(User.id).first()


def main():
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as db:
        fill(db)
        print(every(db, User), every(db, User.id), one(db, User, name="bob"))
        print(names(db, User.id, User.name), Store(db, User).first(), Store(db, User.age).first())


if __name__ == "__main__":
    main()
