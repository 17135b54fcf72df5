# case: args = --unsafe
# case: expect app/main.py = await db.refresh(made, ["changed", "comments"])
# case: expect app/main.py = await db.refresh(renamed, ["changed", "comments"])
# Functions and methods that are named like the routes which call them; a session that a route only hands on; parameters
# with attributes of a relationship's name.
from fastapi.testclient import TestClient

from app.main import app
from app.models import Base, engine

Base.metadata.create_all(engine)
client = TestClient(app)
print(client.post("/posts/", json={"title": "a", "comments": ["x", "y"]}).json())
print(client.put("/posts/1", json={"title": "b"}).json())
print(client.put("/posts/2", json={"title": "b"}).status_code)
