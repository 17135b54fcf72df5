# case: args = --seed all --unsafe
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


def pick(db: Session, old):
    if old:
        users = db.query(User).filter(User.age > 25)
    else:
        users = db.query(User).filter(User.age <= 25)
    return users.order_by(User.id).all()


def ordered(db: Session, backwards):
    query = db.query(User)
    query = query.order_by(User.id.desc()) if backwards else query.order_by(User.id)
    return query.first()


def maybe(db: Session, wanted):
    query = None
    if wanted:
        query = db.query(User.id)
    if query is None:
        return "nothing"
    return query.order_by(User.id).all()


def main():
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as db:
        fill(db)
        print(pick(db, True), pick(db, False))
        print(ordered(db, True), ordered(db, False))
        print(maybe(db, True), maybe(db, False))


if __name__ == "__main__":
    main()
