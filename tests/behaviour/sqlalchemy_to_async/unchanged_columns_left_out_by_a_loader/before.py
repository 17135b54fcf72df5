# A loader leaves a column out of the objects that it loads.
# case: args = --seed all --unsafe
# case: unchanged
from sqlalchemy import ForeignKey, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship, selectinload


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    bio: Mapped[str] = mapped_column(default="")
    posts: Mapped[list["Post"]] = relationship(back_populates="user")


class Post(Base):
    __tablename__ = "posts"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    body: Mapped[str]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    user: Mapped[User] = relationship(back_populates="posts")


def work(db: Session, key):
    for user in db.scalars(select(User).options(selectinload(User.posts).load_only(Post.title))):
        print([p.body for p in user.posts])


def main():
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as db:
        db.add_all([User(name="ann", bio="long", posts=[Post(title="t", body="b")]), User(name="bob", bio="short")])
        db.commit()
    with Session(engine) as db:
        work(db, 1)


main()
