# case: args = --seed all --unsafe
# case: expect = sqlalchemy.select(User)
# case: expect = sqlalchemy.delete(User)
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


def select(db: Session):
    return db.query(User).order_by(User.id).all()


def update(db: Session, number, age):
    return db.query(User).filter(User.id == number).update({"age": age})


def delete(db: Session, number):
    return db.query(User).filter(User.id == number).delete()


def main():
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as db:
        fill(db)
        print(update(db, 1, 31), delete(db, 2), select(db))


if __name__ == "__main__":
    main()
