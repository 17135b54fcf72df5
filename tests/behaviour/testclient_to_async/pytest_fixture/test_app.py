import pytest
from app import app
from fastapi.testclient import TestClient


@pytest.fixture
def client():
    with TestClient(app) as client:
        yield client


def test_index(client):
    assert client.get("/").json() == {"ok": True}


@pytest.mark.parametrize("path", ["/a", "/b"])
def test_missing(client, path):
    assert client.get(path).status_code == 404
