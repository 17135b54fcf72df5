# case: unchanged
import asyncio

from sqlalchemy import create_engine, text
from sqlalchemy.orm import sessionmaker

SessionLocal = sessionmaker(create_engine("sqlite://"))


async def main():
    with SessionLocal() as session:
        print(session.execute(text("select 1")).scalar())


asyncio.run(main())
