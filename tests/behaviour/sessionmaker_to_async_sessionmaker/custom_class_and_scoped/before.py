# case: expect = async_sessionmaker(engine, class_=Audited, info={"app": 1})
# case: expect = -> async_sessionmaker[Audited]:
# case: reject = import sessionmaker
import asyncio

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_scoped_session, create_async_engine
from sqlalchemy.orm import sessionmaker


class Audited(AsyncSession):
    async def audit(self):
        return self.info, self.sync_session.expire_on_commit


def maker(engine) -> sessionmaker[Audited]:
    return sessionmaker(engine, class_=Audited, info={"app": 1})


async def main():
    engine = create_async_engine("sqlite+aiosqlite://")
    factory = maker(engine)
    factory.configure(expire_on_commit=False)
    async with factory(info={"call": 2}) as session:
        print(await session.audit(), type(session).__name__, isinstance(session, AsyncSession))
    scoped = async_scoped_session(factory, scopefunc=asyncio.current_task)
    print((await scoped.execute(text("select 1"))).scalar(), await scoped().audit())
    await scoped.remove()
    print(sorted(factory.kw), factory.kw["info"])
    await engine.dispose()


asyncio.run(main())
