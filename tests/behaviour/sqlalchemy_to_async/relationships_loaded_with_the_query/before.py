# case: args = --unsafe
from sqlalchemy import ForeignKey, create_engine, select
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    joinedload,
    mapped_column,
    relationship,
    selectinload,
)


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    posts: Mapped[list["Post"]] = relationship(back_populates="author", order_by="Post.id")
    tags: Mapped[list["Tag"]] = relationship(lazy="selectin")


class Post(Base):
    __tablename__ = "posts"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    author: Mapped[User] = relationship(back_populates="posts")


class Tag(Base):
    __tablename__ = "tags"

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))


engine = create_engine("sqlite://")


def seed(session):
    ann = User(name="ann", posts=[Post(title="x"), Post(title="y")], tags=[Tag(text="t")])
    bob = User(name="bob")
    bob.posts.append(Post(title="z"))
    session.add_all([ann, bob])
    session.commit()


def titles(session):
    statement = select(User).options(selectinload(User.posts)).order_by(User.id)
    return {user.name: [post.title for post in user.posts] for user in session.scalars(statement)}


def authors(session):
    for post in session.scalars(select(Post).options(joinedload(Post.author)).order_by(Post.id)):
        print(post.title, post.author.name)


def by_author(session, name):
    return session.scalars(select(Post.title).join(Post.author).where(User.name == name)).all()


def main():
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        seed(session)
    with Session(engine) as session:
        print(titles(session))
        authors(session)
        print(by_author(session, "bob"))
        print([tag.text for tag in session.get(User, 1).tags])
    engine.dispose()


if __name__ == "__main__":
    main()
