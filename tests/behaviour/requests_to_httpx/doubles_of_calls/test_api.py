from unittest.mock import MagicMock, Mock, patch

import pytest
import requests

import api


def test_name():
    with patch("requests.get") as get:
        get.return_value.json.return_value = {"name": "Ann"}
        assert api.name(1) == "Ann"
        get.assert_called_once_with("https://api.test/users/1", timeout=3)


@patch("api.requests.get")
def test_error(get):
    get.return_value = Mock(status_code=404)
    get.return_value.raise_for_status.side_effect = requests.HTTPError("missing")
    with pytest.raises(Exception):
        api.name(2)


@patch.object(requests, "get", side_effect=requests.Timeout)
def test_late(get):
    assert api.status("https://api.test") is None
    assert get.call_count == 1


def test_by_hand(monkeypatch):
    def fake(url, **kwargs):
        return MagicMock(status_code=len(url))

    monkeypatch.setattr(requests, "get", fake)
    assert api.status("12345") == 5
    monkeypatch.setattr("api.requests.get", lambda url: Mock(status_code=1))
    assert api.status("12345") == 1
