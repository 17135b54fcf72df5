from unittest.mock import MagicMock, patch

import plain


def test_of_module(monkeypatch):
    with patch.object(plain.requests, "get", return_value=MagicMock(status_code=200)) as get:
        assert plain.status("https://some.test/page") == 200
    assert get.call_args[0][0] == "https://some.test/page"
    monkeypatch.setattr(plain.requests, "get", lambda url: MagicMock(status_code=201))
    assert plain.status("https://some.test/page") == 201
