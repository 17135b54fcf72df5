# case: args = --unsafe
# case: expect settings.py = create_async_engine(_async_url(DATABASE_URL), echo=False)
import os

os.environ["DATABASE_URL"] = "sqlite:///./env.db"

from settings import engine, session_for
from sqlalchemy import text


def main():
    with engine.begin() as connection:
        connection.execute(text("create table t (x integer)"))
        connection.execute(text("insert into t values (:x)"), {"x": 4})
    with session_for() as session:
        print(session.execute(text("select x from t")).scalar_one())
    engine.dispose()


main()
