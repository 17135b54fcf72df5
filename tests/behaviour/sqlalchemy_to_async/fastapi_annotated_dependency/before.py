# case: args = --unsafe
# case: expect app/deps.py = SessionDep = Annotated[AsyncSession, Depends(get_db)]
from app.database import Base, engine
from app.deps import get_db
from app.main import app
from fastapi.testclient import TestClient
from sqlalchemy import create_engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

other = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})


def override():
    with Session(other) as session:
        yield session


def prepare():
    Base.metadata.create_all(engine)
    Base.metadata.create_all(other)


def check(client):
    for name in ("a", "b"):
        print(client.post("/users/", json={"email": name}).json())
    print(client.delete("/users/1").json(), client.delete("/users/9").status_code)
    print(client.get("/users/").json())


if __name__ == "__main__":
    prepare()
    check(TestClient(app))
    app.dependency_overrides[get_db] = override
    check(TestClient(app))
