# case: expect = async_sessionmaker(
# case: reject = , sessionmaker
import asyncio

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, sessionmaker


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "user"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


engine = create_async_engine("sqlite+aiosqlite://")
SessionLocal: sessionmaker = sessionmaker(engine, class_=AsyncSession, expire_on_commit=False)


async def main():
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with SessionLocal() as session:
        user = User(name="a")
        session.add(user)
        await session.commit()
        print(user.id, user.name, type(session).__name__, session.autoflush)
    async with SessionLocal.begin() as session:
        session.add(User(name="b"))
    async with SessionLocal() as session:
        print((await session.scalars(select(User.name).order_by(User.id))).all())
    await engine.dispose()


asyncio.run(main())
