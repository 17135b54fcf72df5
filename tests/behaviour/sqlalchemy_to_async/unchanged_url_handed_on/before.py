# case: args = --unsafe
# case: unchanged
# The URL of the engine opens the database elsewhere, by a sync driver.
import os

import sqlalchemy
from sqlalchemy import create_engine, text


def has_database(url):
    other = sqlalchemy.engine.make_url(url)
    return other.get_driver_name() == "pysqlite" and os.path.exists(other.database)


def main():
    engine = create_engine("sqlite:///app.db")
    print(engine.url.database, has_database(engine.url))
    with engine.connect() as connection:
        print(connection.scalar(text("select 1")))
    print(has_database(engine.url))


if __name__ == "__main__":
    main()
