from datetime import datetime

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import create_engine, event
from sqlalchemy.orm import sessionmaker

from app import Base, User, app, get_db

URL = "sqlite:///./test.db"
engine = create_engine(URL, connect_args={"check_same_thread": False})
Testing = sessionmaker(bind=engine)

Base.metadata.drop_all(bind=engine)
Base.metadata.create_all(bind=engine)
stamps = []


class UserFactory(dict):
    updated_at = datetime.now()


@event.listens_for(User, "after_insert")
def stamp(mapper, connection, target):
    if hasattr(target, "updated_at"):
        stamps.append(target.name)


def override_get_db():
    db = Testing()
    try:
        yield db
    finally:
        db.close()


app.dependency_overrides[get_db] = override_get_db


@pytest.fixture
def client():
    with TestClient(app) as client:
        yield client


def test_add(client):
    assert client.post("/users", params={"name": "ann"}).json() == {"id": 1}
    assert stamps == ["ann"]


def test_change(client):
    assert client.patch("/users/1", json={"name": "bob", "other": "x"}).json() == {"names": ["bob"]}
