import httpx
import pytest

from api import Api


def handler(request):
    return httpx.Response(200, json={"name": request.url.path})


@pytest.fixture
def client():
    with httpx.Client(transport=httpx.MockTransport(handler), base_url="http://test") as client:
        yield client


@pytest.fixture
def api(client):
    return Api(client)


def test_name(client):
    assert Api(client).name(3) == "/users/3"


def test_client(client):
    assert client.get("/x").status_code == 200
