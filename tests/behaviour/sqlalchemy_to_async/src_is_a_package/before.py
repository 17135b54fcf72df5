# case: args = --unsafe
# case: expect src/db.py = async_sessionmaker(
# case: expect tests/overrides.py = async def override_get_db():
# The folder `src` is the package: its modules import each other by it, and so do the tests. What the tests override with
# has no other use.
from tests.overrides import client

print(client.post("/items/", json={"name": "a"}).json())
print(client.get("/items/").json())
