# case: args = --seed all --unsafe
# case: unchanged
import asyncio
import functools
from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)


def fill(db: Session):
    db.add(User(id=1))
    db.commit()


async def main():
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as db:
        functools.partial(fill, db)()
        print(db.query(User).count())


asyncio.run(main())
