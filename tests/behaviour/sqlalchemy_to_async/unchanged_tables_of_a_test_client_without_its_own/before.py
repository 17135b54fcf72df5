# The test client is not entered, and needs the tables that the import makes.
# case: args = --unsafe
# case: unchanged
from app import app
from fastapi.testclient import TestClient

client = TestClient(app)
print(client.post("/users", params={"name": "ann"}).json())
print(client.post("/users", params={"name": "bob"}).json())
