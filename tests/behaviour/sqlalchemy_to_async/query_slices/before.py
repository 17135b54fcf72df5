# case: args = --seed all --unsafe
# case: expect = query.slice(2, 3)
# case: expect = query.limit(2)
# case: reject = .query(
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


def part(db: Session, start, end):
    return db.query(User).order_by(User.id)[start:end]


def at(db: Session):
    try:
        return db.query(User).filter(User.id > 99)[0]
    except IndexError:
        return "no such row"


def main():
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as db:
        fill(db)
        query = db.query(User).order_by(User.id)
        print(query[:2], query[1:], query[1:2], query[0], query[2])
        print(db.query(User.id).order_by(User.id)[1:3], query.offset(1)[:1], query[5:])
        print(part(db, 1, 3), at(db), query[:], query.slice(0, 1).all())


if __name__ == "__main__":
    main()
