# case: args = --seed all --unsafe
# case: expect = .execution_options(populate_existing=True)
# case: reject = .query(
from sqlalchemy import ForeignKey, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, defer, load_only, mapped_column


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
        print(db.query(User).options(load_only(User.name, User.age)).order_by(User.id).all())
        print(db.query(User).options(defer(User.age)).with_entities(User.id).order_by(User.id).all())
        print(db.query(User).populate_existing().execution_options(autoflush=False).order_by(User.id).first())
        print(db.query(User).with_for_update(nowait=True).filter(User.id == 1).one())
        print(db.query(User).distinct().join(Post, Post.user_id == User.id).order_by(User.id).all())
        print(db.query(User).order_by(User.id.desc()).order_by(None).order_by(User.id).all())


if __name__ == "__main__":
    main()
