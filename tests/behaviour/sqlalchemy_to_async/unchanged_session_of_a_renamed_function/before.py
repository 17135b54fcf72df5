# case: args = --seed all --unsafe
# case: unchanged
import asyncio
import functools

from models import engine
from names import store
from sqlalchemy.orm import Session


async def main():
    with Session(engine) as db:
        functools.partial(store, db)(1)
        print(functools.partial(store, db)(2))


asyncio.run(main())
