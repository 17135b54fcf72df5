# case: args = --unsafe
# case: expect db.py = URL = "sqlite:///./app.db"
# case: expect db.py = engine = create_async_engine(_async_url(URL))
import migrations
from db import engine
from sqlalchemy import text


def main():
    with engine.begin() as connection:
        connection.execute(text("create table t (x integer)"))
    print(migrations.path())
    engine.dispose()


if __name__ == "__main__":
    main()
