# case: args = --seed all --unsafe
# case: unchanged
import functools
import asyncio

from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker
from sqlalchemy.pool import StaticPool

engine = create_engine("sqlite://", poolclass=StaticPool)
SessionLocal = sessionmaker(bind=engine)


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


def with_session(fn):
    @functools.wraps(fn)
    def wrapper(*args, **kwargs):
        with SessionLocal() as db:
            return fn(db, *args, **kwargs)

    return wrapper


@with_session
def create(db: Session, name: str) -> int:
    user = User(name=name)
    db.add(user)
    db.commit()
    return user.id


async def main():
    Base.metadata.create_all(engine)
    print(create("ann"))


asyncio.run(main())
