# What a query leaves out is not read.
# case: args = --seed all --unsafe
# case: expect = .options(load_only(User.name))
# case: expect = .options(defer(User.bio))
# case: reject = .query(
from sqlalchemy import create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, defer, load_only, mapped_column


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    bio: Mapped[str] = mapped_column(default="")

    def __repr__(self):
        return f"User({self.name}, {self.bio})"


def names(db: Session):
    return [user.name for user in db.query(User).options(load_only(User.name)).order_by(User.id)]


def first_name(db: Session):
    user = db.query(User).options(load_only(User.name)).order_by(User.id).first()
    if user is None:
        return None
    return f"{user.id}: {user.name}"


def shout(store: Session):
    users = store.scalars(select(User).options(defer(User.bio)).order_by(User.id)).all()
    print(len(users), users[0].name)
    for user in users:
        print(user.id, user.name.upper())


def main():
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as db:
        db.add_all([User(name="ann", bio="long"), User(name="bob", bio="short")])
        db.commit()
    with Session(engine) as db:
        print(names(db), first_name(db))
        shout(db)
        print(db.query(User).options(load_only(User.name, User.bio)).order_by(User.id).all())
        print(db.get(User, 1))


if __name__ == "__main__":
    main()
