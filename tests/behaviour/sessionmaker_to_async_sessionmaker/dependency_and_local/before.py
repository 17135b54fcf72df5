# case: expect = async_sessionmaker(
# case: reject = , sessionmaker
import asyncio
from collections.abc import AsyncIterator

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, sessionmaker


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "user"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]



class Database:
    def __init__(self, url):
        self.engine = create_async_engine(url)
        self.sessions = sessionmaker(self.engine, class_=AsyncSession, expire_on_commit=False)

    async def session(self) -> AsyncIterator[AsyncSession]:
        async with self.sessions() as session:
            yield session

    async def create(self):
        async with self.engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)


def local_factory(engine):
    factory = sessionmaker(engine, class_=AsyncSession, expire_on_commit=False)
    return factory


async def main():
    database = Database("sqlite+aiosqlite://")
    await database.create()
    async for session in database.session():
        session.add_all([User(name="x"), User(name="y")])
        await session.commit()
    async with local_factory(database.engine)() as session:
        print((await session.scalars(select(User.name).order_by(User.id))).all())
    await database.engine.dispose()


asyncio.run(main())
