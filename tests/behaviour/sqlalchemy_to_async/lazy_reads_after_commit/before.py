# case: args = --unsafe
# case: expect = await session.refresh(user, ["posts"])
# case: expect = populate_existing=True
from sqlalchemy import ForeignKey, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    posts: Mapped[list["Post"]] = relationship(back_populates="author", order_by="Post.id")


class Post(Base):
    __tablename__ = "posts"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    author: Mapped[User] = relationship(back_populates="posts")


engine = create_engine("sqlite://")


def new_user(session: Session, name: str) -> None:
    user = User(name=name)
    print(user.posts)
    session.add(user)
    session.commit()
    session.add(Post(title="first", author_id=user.id))
    session.commit()
    print([post.title for post in user.posts])


def append(session: Session) -> None:
    user = session.scalars(select(User).where(User.id == 1)).one()
    user.posts.append(Post(title="appended"))
    session.commit()
    for post in user.posts:
        print(post.id, post.title)


def behind_the_back(session: Session) -> None:
    user = session.get(User, 1)
    print(len(user.posts))
    session.add(Post(title="added", author_id=1))
    session.commit()
    print([post.title for post in session.get(User, 1).posts])


def main() -> None:
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        new_user(session, "ann")
    with Session(engine) as session:
        append(session)
    with Session(engine) as session:
        behind_the_back(session)
    engine.dispose()


if __name__ == "__main__":
    main()
