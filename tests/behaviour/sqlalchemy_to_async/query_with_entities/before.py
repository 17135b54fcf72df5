# case: args = --seed all --unsafe
# case: expect = .with_only_columns(User.name)
# case: expect = .add_columns(Post)
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


def main():
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as db:
        fill(db)
        print(db.query(User).filter(User.age == 20).with_entities(User.name).order_by(User.name).all())
        print(db.query(User).join(Post, Post.user_id == User.id).with_entities(func.count(1)).scalar())
        print(db.query(User.id).add_columns(User.name).order_by(User.id).first())
        print(db.query(User).add_entity(Post).filter(Post.user_id == User.id).order_by(Post.id).first())
        print(db.query(User.id).with_entities(User).order_by(User.id).all())


if __name__ == "__main__":
    main()
