# case: args = --unsafe
# case: expect = async def async_main():
from sqlalchemy import create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


def main(session):
    session.add(User(name="bob"))
    session.commit()
    print(session.scalars(select(User.name).order_by(User.id)).all())


engine = create_engine("sqlite:///./users.db")
Base.metadata.create_all(engine)
with Session(engine) as s:
    s.add_all([User(name="ann")])
    s.commit()
with Session(engine) as s:
    main(s)
engine.dispose()
