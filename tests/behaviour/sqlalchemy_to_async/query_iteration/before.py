# case: args = --seed all --unsafe
# case: expect = for user in (await db.scalars(select(User).order_by(User.id))).unique():
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


def main():
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as db:
        fill(db)
        for user in db.query(User).order_by(User.id):
            print(user)
        for index, user in enumerate(db.query(User).order_by(User.id.desc()), 1):
            print(index, user.name)
        print([user.name for user in db.query(User).order_by(User.id) if user.age == 20])
        print({user.id: user.name for user in db.query(User).order_by(User.id)})
        print(sum(user.age for user in db.query(User)), max(user.age for user in db.query(User)))
        print(list(db.query(User).order_by(User.id)), sorted(user.name for user in db.query(User)))
        print(set(db.query(User.age)) == {(30,), (20,)}, any(user.age > 25 for user in db.query(User)))
        print([*db.query(User.id).order_by(User.id)])


if __name__ == "__main__":
    main()
