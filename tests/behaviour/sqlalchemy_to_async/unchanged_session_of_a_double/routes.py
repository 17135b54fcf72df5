from sqlalchemy import text

from database import get_session


def make_routes():
    session = get_session()

    async def one():
        return session.scalar(text("select 1"))

    return {"one": one}
