# case: args = --unsafe
from sqlalchemy import create_engine, select
from sqlalchemy.exc import IntegrityError, NoResultFound
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)


engine = create_engine("sqlite://")


def main():
    Base.metadata.create_all(engine)
    session = Session(engine)
    ann = User(id=1, name="ann")
    session.add(ann)
    print(ann in session, len(session.new), session.is_modified(ann))
    session.flush()
    session.refresh(ann, attribute_names=["name"])
    merged = session.merge(User(id=1, name="zed"))
    print(merged is ann, ann.name, len(session.dirty))
    session.commit()
    print(ann.id, session.get_one(User, 1).name)
    try:
        session.get_one(User, 5)
    except NoResultFound:
        print("none")
    session.add(User(id=2, name="zed"))
    try:
        session.commit()
    except IntegrityError:
        session.rollback()
        print("rolled back")
    session.delete(session.get(User, 1))
    session.flush()
    print(session.execute(select(User)).first(), session.scalars(select(User)).all())
    session.expunge_all()
    print(session.get_bind().dialect.name, session.connection().dialect.name)
    session.close()
    engine.dispose()


if __name__ == "__main__":
    main()
