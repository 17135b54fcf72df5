# case: args = --seed all --unsafe
# case: expect = await db.get(User, 1, options=[load_only(User.name)])
# case: expect = await db.get(User, 2, populate_existing=True)
# case: reject = .query(
from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, load_only, mapped_column


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
        print(db.query(User).get(1), db.query(User).get(ident=2), db.query(User).get((3,)))
        print(db.query(User).options(load_only(User.name)).get(1).name)
        print(db.query(User).populate_existing().get(2), db.query(User).with_for_update().get(3))
        found = db.query(
            User
        ).get(
            1
        )
        print(found is db.query(User).get(1), db.query(User).get(42) is None)


if __name__ == "__main__":
    main()
