# case: args = --unsafe
# case: expect = delete(Post).where(query.whereclause)
# case: expect = update(Post).where(query.whereclause).values({"title": title})
# A query is kept in a variable: what it finds first is looked at, then all of it is changed or deleted.
from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column


class Base(DeclarativeBase):
    pass


class Post(Base):
    __tablename__ = "posts"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]


def remove(session: Session, key: int) -> str:
    query = session.query(Post).filter(Post.id == key)
    if query.first() is None:
        return "nothing"
    query.delete(synchronize_session=False)
    session.commit()
    return "gone"


def rename(session: Session, title: str, *keys: int):
    query = session.query(Post).filter(Post.id > 0).filter(
        Post.id.in_(keys),
    )
    before = query.count()
    changed = query.update({"title": title}, synchronize_session=False)
    session.commit()
    return before, changed, [post.title for post in query.order_by(Post.id).all()]


def empty(session: Session) -> int:
    query = session.query(Post).filter_by(title="c")
    count = query.delete()
    session.commit()
    return count


def main():
    engine = create_engine("sqlite:///./app.db")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([Post(title="a"), Post(title="b"), Post(title="c")])
        session.commit()
        print(remove(session, 7), remove(session, 1))
        print(rename(session, "d", 2))
        print(empty(session))
        print([post.title for post in session.query(Post).all()])
    engine.dispose()


if __name__ == "__main__":
    main()
