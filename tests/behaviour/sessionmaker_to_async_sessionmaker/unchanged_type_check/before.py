# case: unchanged
import asyncio

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import sessionmaker

engine = create_async_engine("sqlite+aiosqlite://")
SessionLocal = sessionmaker(engine, class_=AsyncSession)


def open_session(source):
    return source() if isinstance(source, sessionmaker) else source


async def main():
    async with open_session(SessionLocal) as session:
        print(await session.scalar(text("select 1")), SessionLocal.class_ is AsyncSession)
    await engine.dispose()


asyncio.run(main())
