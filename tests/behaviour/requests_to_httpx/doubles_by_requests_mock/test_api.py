import unittest

import pytest
import requests
import requests_mock
from api import Api, guarded, search, status


@pytest.fixture
def api():
    return Api("https://api.test")


def test_user(api, requests_mock):
    route = requests_mock.get("https://api.test/users/1", json={"name": "Ann"}, status_code=200)
    assert api.user(1) == {"name": "Ann"}
    assert requests_mock.called
    assert requests_mock.call_count == 1
    assert route.call_count == 1
    assert requests_mock.last_request.url == "https://api.test/users/1"


def test_rename(api, requests_mock):
    requests_mock.register_uri(
        "PATCH",
        "https://api.test/users/1",
        json={"name": "Bo"},
    )
    assert api.rename(1, "Bo") == {"name": "Bo"}
    assert requests_mock.last_request.json() == {"name": "Bo"}
    assert requests_mock.request_history[0].method == "PATCH"


def test_status():
    with requests_mock.Mocker() as m:
        m.get("https://api.test", [{"status_code": 500}, {"text": "fine"}])
        assert status("https://api.test") == 500
        assert status("https://api.test") == 200
        assert [request.method for request in m.request_history] == ["GET", "GET"]


@pytest.fixture
def found(requests_mock):
    return requests_mock.get("https://api.test/search?q=x", json=[1])


def test_search(found):
    assert search("x") == [1]
    assert found.call_count == 1
    assert found.last_request.url == "https://api.test/search?q=x&page=1"


def test_search_by_path(requests_mock):
    requests_mock.get("/search?q=y", json=[2])
    assert search("y") == [2]


class LateTest(unittest.TestCase):
    @requests_mock.Mocker()
    def test_late(self, m):
        m.get(requests_mock.ANY, exc=requests.exceptions.ConnectTimeout)
        self.assertEqual(guarded("https://api.test/slow"), "late")
