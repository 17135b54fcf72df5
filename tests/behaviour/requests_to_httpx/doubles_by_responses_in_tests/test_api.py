import json

import pytest
import responses
from api import Api, status


@pytest.fixture
def api():
    return Api("https://api.test")


@pytest.fixture
def mocked():
    with responses.RequestsMock() as rsps:
        yield rsps


@responses.activate
def test_user(api):
    responses.add(
        responses.GET,
        "https://api.test/users/1",
        json={"name": "Ann"},
    )
    assert api.user(1) == {"name": "Ann"}
    assert responses.calls[0].request.url == "https://api.test/users/1"


def test_rename(api, mocked):
    mocked.patch("https://api.test/users/1", json={"name": "Bo"})
    assert api.rename(1, "Bo") == {"name": "Bo"}
    assert json.loads(mocked.calls[0].request.body) == {"name": "Bo"}


@pytest.mark.parametrize("code", [200, 404])
@responses.activate
def test_status(code):
    responses.get("https://api.test/", status=code)
    assert status("https://api.test") == code
    assert len(responses.calls) == 1
