from unittest import mock

import api


class Answer:
    text = "t"

    def get(self, url):
        return self


def test_page():
    with mock.patch("api.httpx.get", return_value=Answer()):
        assert api.page("http://127.0.0.1:9") == "t"


def test_name(monkeypatch):
    monkeypatch.setattr("web.httpx.Client", Answer)
    assert api.name("http://127.0.0.1:9") == "t"
