# case: args = --seed all --unsafe
# case: expect = User.id.in_(select(Post.user_id))
# case: expect = ).subquery()
# case: reject = .query(
# case: reject = .statement
from sqlalchemy import ForeignKey, create_engine, exists, func
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
        print(db.query(User).filter(User.id.in_(db.query(Post.user_id))).order_by(User.id).all())
        print(db.query(User).filter(User.id.notin_(db.query(Post.user_id).distinct())).all())
        counts = db.query(Post.user_id, func.count("*").label("n")).group_by(Post.user_id).subquery()
        print(db.query(User.name, counts.c.n).outerjoin(counts, User.id == counts.c.user_id).order_by(User.id).all())
        number = db.query(func.count(Post.id)).filter(Post.user_id == User.id).correlate(User).scalar_subquery()
        print(db.query(User.name, number).order_by(User.id).all())
        print(db.query(User.name, db.query(func.max(Post.id)).filter(Post.user_id == User.id).label("last")).order_by(User.id).all())
        first = db.query(Post.user_id).filter(Post.title == "x").cte("first")
        print(db.query(User.name).join(first, first.c.user_id == User.id).order_by(User.id).all())
        print(db.query(User.name).filter(exists(db.query(Post.id).filter(Post.user_id == User.id).statement)).order_by(User.id).all())


if __name__ == "__main__":
    main()
