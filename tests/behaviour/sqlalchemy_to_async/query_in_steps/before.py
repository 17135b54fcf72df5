# case: args = --seed all --unsafe
# case: expect = total = await db.scalar(select(func.count()).select_from(query.subquery()))
# case: expect = query = select(User)
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


def search(db: Session, name=None, age=None, newest=False):
    query = db.query(User)
    if name is not None:
        query = query.filter(User.name.like(name))
    if age:
        query = query.filter(User.age >= age)
    if newest:
        query = query.order_by(User.id.desc())
    else:
        query = query.order_by(User.id)
    return query.all()


def page(db: Session, number, size, columns=False):
    query = db.query(User).filter(User.age > 0)
    total = query.count()
    if columns:
        query = query.with_entities(User.id, User.name)
        return total, query.order_by(User.id).offset(number * size).limit(size).all()
    users = query.order_by(User.id).offset(number * size).limit(size).all()
    return total, users


def conditions(db: Session, filters):
    query = db.query(User.name)
    for column, value in filters.items():
        query = query.filter(getattr(User, column) == value)
    return [name for (name,) in query.order_by(User.id)]


def main():
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as db:
        fill(db)
        print(search(db), search(db, name="%b%"), search(db, age=25, newest=True))
        print(page(db, 0, 2), page(db, 1, 2), page(db, 1, 2, columns=True))
        print(conditions(db, {"age": 20, "name": "cyd"}), conditions(db, {"age": 20}))


if __name__ == "__main__":
    main()
