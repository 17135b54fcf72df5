import unittest
from unittest import mock
import pytest
import requests
import responses
from api import Client, URL, ping

@pytest.fixture
def client():
    return Client("t")

@responses.activate
def test_item(client):
    responses.add(responses.GET, URL + "/items/1", json={"id": 1})
    responses.add(responses.GET, URL + "/items/2", status=404)
    responses.add(responses.GET, URL + "/items/3", status=500)
    assert client.item(1) == {"id": 1}
    assert client.item(2) is None
    with pytest.raises(requests.HTTPError):
        client.item(3)
    assert len(responses.calls) == 3
    assert responses.calls[0].request.headers["Authorization"] == "t"
    assert "full=1" in responses.calls[0].request.url

@responses.activate
def test_add(client):
    responses.post(URL + "/items", json={"id": 7}, status=201, match=[responses.matchers.json_params_matcher({"a": 1})])
    assert client.add(a=1) == 7

class TestPing(unittest.TestCase):
    @responses.activate
    def test_ok(self):
        responses.get(URL + "/ping", body="x")
        self.assertTrue(ping())

    @mock.patch("api.requests.get")
    def test_mock(self, get):
        get.return_value.ok = False
        self.assertFalse(ping())

@mock.patch("os.getcwd")
def test_patched(getcwd, client):
    with responses.RequestsMock() as rsps:
        rsps.add(responses.POST, URL + "/items", json={"id": 8})
        assert client.add(b=1) == 8
