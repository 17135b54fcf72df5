# case: args = --unsafe
# case: expect = URL = "sqlite+aiosqlite:///./a.db"
# case: expect = f"sqlite+aiosqlite:///{NAME}"
# case: expect = "sqlite+aiosqlite:///./" + NAME
from sqlalchemy import create_engine, text

NAME = "b.db"
URL = "sqlite:///./a.db"
OPTIONS = {"check_same_thread": False} if URL.startswith("sqlite") else {}



def one():
    engine = create_engine(URL, connect_args=OPTIONS)
    with engine.connect() as connection:
        print(connection.scalar(text("select 1")), engine.dialect.name)
    engine.dispose()


def two():
    engine = create_engine(f"sqlite:///{NAME}", future=True)
    connection = engine.connect()
    try:
        print(connection.exec_driver_sql("select 2").scalar())
    finally:
        connection.close()
        engine.dispose()


def three():
    engine = create_engine(url="sqlite+pysqlite:///./" + NAME)
    with engine.begin() as connection:
        print(connection.scalars(text("select 3")).all())
    engine.dispose()


if __name__ == "__main__":
    one()
    two()
    three()
