# case: args = --unsafe
# case: expect = await unit_of_work.refresh(user, ["posts"])
# case: expect = print(len(user.posts), log.lines)
# case: reject = session.refresh
# case: reject = log.refresh
from functools import partial

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


class Log:
    """It has methods that sessions have."""

    def __init__(self):
        self.lines = []

    def add_all(self, lines):
        self.lines.extend(lines)

    def flush(self):
        self.lines.append("flushed")


class Feed:
    def store(self, unit_of_work: Session, title: str, author_id: int) -> None:
        unit_of_work.add(Post(title=title, author_id=author_id))
        unit_of_work.commit()


def note(session: Log, text: str) -> None:
    session.add_all([text])
    session.flush()


engine = create_engine("sqlite://")


def renewed(unit_of_work: Session, feed: Feed) -> None:
    user = unit_of_work.scalars(select(User).where(User.id == 1)).one()
    user.name = "bob"
    feed.store(unit_of_work, "second", 1)
    note(Log(), "stored")
    print([post.title for post in user.posts])


def kept(db_: Session, log: Log) -> None:
    user = db_.scalars(select(User).where(User.id == 1)).one()
    session = log
    write = partial(note, session)
    write("read")
    session.flush()
    print(len(user.posts), log.lines)


def main() -> None:
    Base.metadata.create_all(engine)
    with Session(engine) as opened:
        opened.add(User(name="ann", posts=[Post(title="first")]))
        opened.commit()
    with Session(engine) as opened:
        renewed(opened, Feed())
    with Session(engine) as opened:
        kept(opened, Log())
    engine.dispose()


if __name__ == "__main__":
    main()
