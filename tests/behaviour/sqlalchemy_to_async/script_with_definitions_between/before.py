# case: args = --unsafe
# case: expect = async def main():
from sqlalchemy import create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


engine = create_engine("sqlite:///./users.db")
Base.metadata.create_all(engine)  # the tables
with Session(engine) as s:
    s.add_all([User(name="ann")])
    s.commit()


# Comes between.
def add(session: Session, name: str = "bob") -> None:
    session.add(User(name=name))
    session.commit()


def names(session):
    return session.scalars(select(User.name).order_by(User.id)).all()  # all


with Session(engine) as s:
    add(s)
    print(names(s))


def last(session):
    return names(session)[-1]


shared = Session(engine)


def first():
    return names(shared)[0]


print(last(shared), first())
shared.close()
engine.dispose()
