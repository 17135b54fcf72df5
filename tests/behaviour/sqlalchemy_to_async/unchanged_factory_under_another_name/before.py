# case: args = --seed all --unsafe
# case: unchanged
import asyncio

from models import User
from names import opened

FACTORIES = {"db": opened}


async def main(name):
    with FACTORIES[name]() as db:
        db.add(User(id=1))
        db.commit()
        print(db.query(User).count())


asyncio.run(main("db"))
