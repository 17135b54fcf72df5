# case: args = --unsafe
from sqlalchemy import Column, Connection, Engine, Integer, MetaData, String, Table
from sqlalchemy import create_engine, delete, insert, select, update

metadata = MetaData()
users = Table(
    "users",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(20)),
)


def fill(connection: Connection, names: list[str]) -> int:
    result = connection.execute(insert(users), [{"name": name} for name in names])
    return result.rowcount


def change(engine: Engine) -> None:
    with engine.begin() as connection:
        changed = connection.execute(update(users).where(users.c.name == "a").values(name="A"))
        print(changed.rowcount)
    try:
        with engine.begin() as connection:
            connection.execute(delete(users))
            raise ValueError("rolled back")
    except ValueError as error:
        print(error)


def rows(connection: Connection):
    yield from connection.execute(select(users).order_by(users.c.id)).mappings()


def by_hand(engine: Engine) -> None:
    connection = engine.connect()
    transaction = connection.begin()
    connection.execute(insert(users).values(name="temporary"))
    transaction.rollback()
    print(connection.scalar(select(users.c.name).where(users.c.name == "temporary")))
    connection.close()


def main() -> None:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        metadata.create_all(connection)
        print(fill(connection, ["a", "b"]))
    change(engine)
    with engine.connect() as connection:
        print([dict(row) for row in rows(connection)])
    by_hand(engine)
    engine.dispose()


if __name__ == "__main__":
    main()
