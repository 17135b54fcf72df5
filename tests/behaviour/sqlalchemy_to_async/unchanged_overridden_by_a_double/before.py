# A dependency that gives sessions is replaced by one that gives a double with sync methods.
# case: args = --select sqlalchemy_to_async --seed sqlalchemy_to_async --unsafe
# case: unchanged
from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from db import SessionLocal, setup
from models import Author

app = FastAPI()


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


@app.get("/names")
def names(db: Session = Depends(get_db)):
    return list(db.scalars(select(Author.name)))


class FakeSession:
    def scalars(self, statement):
        return ["fake"]


def fake_db():
    yield FakeSession()


def main():
    setup()
    app.dependency_overrides[get_db] = fake_db
    with TestClient(app) as client:
        print(client.get("/names").json())


main()
