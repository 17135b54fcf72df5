import responses
from api import send, status


@responses.activate
def test_status_and_send():
    responses.get("https://api.test/", status=200)
    responses.post("https://api.test/", status=201)
    assert status("https://api.test/") == 200
    assert send("https://api.test/", b"x") == 201
