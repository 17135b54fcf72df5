# case: args = --unsafe
# case: expect = task = await service.create_task(db=session, title=title)
# case: expect service.py = async def create_task(db: AsyncSession, title: str) -> Task:
# What creates a row is no task of an event loop.
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

import service
from models import Base


def main():
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        for title in ("read", "write"):
            task = service.create_task(db=session, title=title)
            print(task.id, task.title)
    engine.dispose()


if __name__ == "__main__":
    main()
