# case: expect = async def get_session(
# case: expect = async def get_test_session(
# case: expect = return await session.fetch(key)
# FastAPI awaits providers, those in the overrides too.
import time
from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient


class Session:
    def __init__(self, name):
        self.name = name

    def fetch(self, key):
        time.sleep(0.001)
        return f"{self.name} {key}"


def get_session():
    time.sleep(0.001)
    return Session("real")


def get_test_session():
    time.sleep(0.001)
    return Session("test")


Db = Annotated[Session, Depends(get_session)]

app = FastAPI()


@app.get("/a/{key}")
def read(key: str, session: Db):
    return session.fetch(key)


@app.get("/b/{key}")
def read_too(key: str, session: Session = Depends(get_session)):
    return session.fetch(key)


def main():
    client = TestClient(app)
    print(client.get("/a/1").json(), client.get("/b/2").json())
    app.dependency_overrides[get_session] = get_test_session
    print(client.get("/a/1").json(), client.get("/b/2").json())


if __name__ == "__main__":
    main()
