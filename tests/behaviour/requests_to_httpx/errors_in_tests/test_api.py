import pytest
import requests.exceptions
import responses
from api import Api
from requests.exceptions import HTTPError


@responses.activate
def test_unknown():
    responses.add(responses.GET, "https://api.test/users/1", status=404)
    with pytest.raises(HTTPError) as unused:
        Api("https://api.test").user(1)


@responses.activate
def test_status():
    responses.add(responses.GET, "https://api.test/users/1", status=500)
    with pytest.raises(requests.exceptions.HTTPError) as raised:
        Api("https://api.test").users([1, 2])
    assert raised.value.response.status_code == 500


@responses.activate
def test_connection():
    responses.add(responses.GET, "https://api.test/users/1", body=requests.exceptions.ConnectionError("no way"))
    api = Api("https://api.test")
    with pytest.raises(requests.exceptions.ConnectionError):
        api.user(1)
