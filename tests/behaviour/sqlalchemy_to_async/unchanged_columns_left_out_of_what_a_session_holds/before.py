# The session hands out the object of the query again, without the column.
# case: args = --seed all --unsafe
# case: unchanged
from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, load_only, mapped_column


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    bio: Mapped[str] = mapped_column(default="")


def work(db: Session, key):
    user = db.query(User).options(load_only(User.name)).filter_by(id=1).first()
    again = db.get(User, 1)
    print(user.name, again.bio)


def main():
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as db:
        db.add_all([User(name="ann", bio="long"), User(name="bob", bio="short")])
        db.commit()
    with Session(engine) as db:
        work(db, 1)


main()
