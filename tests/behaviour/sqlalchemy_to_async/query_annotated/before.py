# case: args = --seed all --unsafe
# case: expect = query: Select[tuple[User]] = select(User)
# case: expect = plain: Select = select(User.name)
# case: reject = Query
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


def search(db: Session, age: int | None):
    query: Query[User] = db.query(User)
    if age is not None:
        query = query.filter(User.age == age)
    plain: Query = db.query(User.name)
    return query.order_by(User.id).all(), plain.order_by(User.id).first()


def main():
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as db:
        fill(db)
        print(search(db, None), search(db, 30))


if __name__ == "__main__":
    main()
