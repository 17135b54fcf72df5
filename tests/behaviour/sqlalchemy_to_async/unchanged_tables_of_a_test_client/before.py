# The test client is not entered, so it starts no application, and a task in the background opens the database by itself: it needs
# the tables that the import makes.
# case: args = --unsafe
# case: unchanged
from app import Base, app, get_db
from fastapi.testclient import TestClient
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

engine = create_engine("sqlite:///tests.db")
Base.metadata.create_all(engine)


def override_get_db():
    with Session(engine) as session:
        yield session


app.dependency_overrides[get_db] = override_get_db
client = TestClient(app)
print(client.post("/users", params={"name": "ann"}).json())
print(client.post("/users", params={"name": "bob"}).json())
