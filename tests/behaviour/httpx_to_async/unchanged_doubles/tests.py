from unittest import mock

import httpx

import api


class Answer:
    text = "t"

    def json(self):
        return {"name": "n"}


def test_name(monkeypatch):
    monkeypatch.setattr(httpx.Client, "get", lambda self, url: Answer())
    assert api.name(1) == "n"


def test_page():
    with mock.patch("httpx.get", return_value=Answer()):
        assert api.page("http://test") == "t"
