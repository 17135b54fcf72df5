# case: args = --unsafe
# case: expect app/main.py =     lifespan=lifespan,
from fastapi.testclient import TestClient

from app.main import app

with TestClient(app) as client:
    for name in ("a", "b"):
        print(client.post("/users/", json={"email": name}).json())
    print(client.get("/users/").json())
    print(client.get("/users/7").status_code)
