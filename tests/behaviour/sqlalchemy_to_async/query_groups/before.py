# case: args = --seed all --unsafe
# case: expect = in await db.execute(select(
# case: expect = dict((await db.execute(select(User.id, User.name))).all())
# case: reject = .query(
# case: reject = unique
from sqlalchemy import ForeignKey, create_engine, desc, func
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


class Post(Base):
    __tablename__ = "posts"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    title: Mapped[str]

    def __repr__(self):
        return f"Post({self.id}, {self.title})"


def fill(db: Session):
    db.add_all([User(id=1, name="ann", age=30), User(id=2, name="bob", age=20), User(id=3, name="cyd", age=20)])
    db.add_all([Post(id=1, user_id=1, title="x"), Post(id=2, user_id=1, title="y"), Post(id=3, user_id=2, title="x")])
    db.commit()


def main():
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as db:
        fill(db)
        print(db.query(User.age, func.count(User.id)).group_by(User.age).having(func.count(User.id) > 1).all())
        print(db.query(User.age).distinct().order_by(User.age).all())
        row = db.query(User.id.label("k"), User.name).order_by(User.id).first()
        print(row.k, row.name, tuple(row))
        for age, number in db.query(User.age, func.count().label("n")).group_by(User.age).order_by(desc("n")):
            print(age, number)
        print(db.query(func.count(User.id)).group_by(User.age).order_by(User.age).first())
        ids = [number for (number,) in db.query(User.id).order_by(User.id)]
        print(ids, dict(db.query(User.id, User.name)))


if __name__ == "__main__":
    main()
