# case: args = --seed all --unsafe
# case: unchanged
import functools
import asyncio
from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


def logged(fn):
    @functools.wraps(fn)
    def wrapper(*args, **kwargs):
        print("call", fn.__name__)
        return fn(*args, **kwargs)

    return wrapper


@logged
def create(db: Session, name: str) -> int:
    user = User(name=name)
    db.add(user)
    db.commit()
    return user.id


async def main():
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as db:
        print(create(db, "ann"))


asyncio.run(main())
