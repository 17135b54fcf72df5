# case: args = --unsafe
# case: expect = await conn.run_sync(lambda conn: inspect(conn).get_table_names())
from sqlalchemy import MetaData, Table, create_engine, inspect, select, text

engine = create_engine("sqlite:///app.db")


def names():
    return sorted(column["name"] for column in inspect(engine).get_columns("users"))


def main():
    with engine.begin() as connection:
        connection.execute(text("create table users (id integer primary key, name varchar)"))
        connection.execute(text("insert into users (name) values ('ann')"))
        print(inspect(connection).has_table("users"))
    print(inspect(engine).get_table_names(), inspect(engine).has_table("posts"))
    print(names())
    found = MetaData()
    found.reflect(bind=engine)
    print(sorted(found.tables))
    # A table that is read from the database.
    users = Table("users", MetaData(), autoload_with=engine)
    with engine.connect() as connection:
        print(connection.execute(select(users.c.name)).scalars().all())
    engine.dispose()


if __name__ == "__main__":
    main()
