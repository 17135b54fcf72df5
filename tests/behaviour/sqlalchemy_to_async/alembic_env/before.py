# case: args = --unsafe
# case: expect migrations/env.py = await connection.run_sync(do_run_migrations)
# case: expect migrations/env.py = asyncio.run(run_migrations_online())
import sqlite3

from alembic import command
from alembic.config import Config

config = Config("alembic.ini")
command.upgrade(config, "head")
with sqlite3.connect("app.db") as connection:
    rows = connection.execute("select name from sqlite_master where type = 'table' order by name")
    print([name for (name,) in rows])
command.downgrade(config, "base")
with sqlite3.connect("app.db") as connection:
    rows = connection.execute("select name from sqlite_master where type = 'table' order by name")
    print([name for (name,) in rows])
command.upgrade(config, "head", sql=True)
