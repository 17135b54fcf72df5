# case: args = --seed all --unsafe
# case: expect = .unique()
# case: reject = .query(
from sqlalchemy import ForeignKey, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, contains_eager, joinedload, mapped_column, relationship, selectinload


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
    user: Mapped[User] = relationship(lazy="joined")
    tags: Mapped[list["Tag"]] = relationship(lazy="joined", order_by="Tag.id")

    def __repr__(self):
        return f"Post({self.id}, {self.title})"


class Tag(Base):
    __tablename__ = "tags"
    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))
    word: Mapped[str]


def fill(db: Session):
    db.add_all([User(id=1, name="ann", age=30), User(id=2, name="bob", age=20), User(id=3, name="cyd", age=20)])
    db.add_all([Post(id=1, user_id=1, title="x"), Post(id=2, user_id=1, title="y"), Post(id=3, user_id=2, title="x")])
    db.add_all([Tag(id=1, post_id=1, word="a"), Tag(id=2, post_id=1, word="b"), Tag(id=3, post_id=3, word="c")])
    db.commit()
    db.expunge_all()


def main():
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as db:
        fill(db)
        for post in db.query(Post).order_by(Post.id):
            print(post, post.user.name, [tag.word for tag in post.tags])
        db.expunge_all()
        post = db.query(Post).order_by(Post.id).first()
        print(post.user.name, [tag.word for tag in post.tags])
        db.expunge_all()
        print(len(db.query(Post).filter(Post.id == 1).one().tags), db.query(Post).count())
        db.expunge_all()
        print([len(post.tags) for post in db.query(Post).order_by(Post.id)[:2]])


if __name__ == "__main__":
    main()
