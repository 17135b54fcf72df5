# A module of tests makes its tables when it is imported; the listener of a mapper reads a column that the database renews, and
# so does a class that is no schema.
# case: args = --seed all --unsafe
# case: expect test_users.py = asyncio.run(make_tables())
# case: expect test_users.py = await conn.run_sync(Base.metadata.drop_all)
import outcomes

outcomes.run("test_users.py")
