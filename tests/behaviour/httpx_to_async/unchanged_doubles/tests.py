from unittest import mock

import httpx

import api
import other


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


def test_page_by_name(monkeypatch):
    with mock.patch("api.httpx.get", return_value=Answer()):
        assert api.page("http://test") == "t"
    monkeypatch.setattr("other.Client", lambda: Answer())
    assert other.text() == "t"
