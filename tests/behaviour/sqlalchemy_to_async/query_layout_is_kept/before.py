# case: args = --seed all --unsafe
# case: expect = (await db.scalars(
# case: expect =             # only what has been read
# case: expect =                 User.age > 0,  # everybody
# case: reject = .query(
from sqlalchemy import ForeignKey, create_engine, func
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


def listed(db: Session):
    return (
        db.query(User)
        .join(Post, Post.user_id == User.id)
        # only what has been read
        .filter(Post.title != "")
        .filter(
            User.age > 0,  # everybody
        )
        .order_by(User.id)
        .all()
    )


def numbers(db: Session):
    total = (
        db.query(User)
        .filter(User.age == 20)
        .count()
    )
    oldest = (
        db.query(User)
        .order_by(User.age.desc())
        .first()
    )
    most = (
        db.query(func.max(User.age))
        .filter(User.id > 0)
        .scalar()
    )
    return total, oldest, most


def change(db: Session):
    changed = (
        db.query(User)
        .filter(User.age == 20)
        .update(
            {
                "age": 22,  # older
            },
            synchronize_session="fetch",
        )
    )
    gone = db.query(Post) \
        .filter(Post.id == 1) \
        .delete()
    for user in (
        db.query(User)
        .order_by(User.id)
    ):
        print(user)
    return changed, gone


def main():
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as db:
        fill(db)
        print(listed(db), numbers(db), change(db))
        print(db.query(
            User
        ).filter(
            User.id == 1
        ).all())


if __name__ == "__main__":
    main()
