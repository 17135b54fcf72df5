import unittest
from unittest.mock import MagicMock, Mock, patch

import pytest
from api import Gone, names


def reply(data, ok=True):
    return Mock(ok=ok, reason="OK", json=Mock(return_value=data))


class TestNames(unittest.TestCase):
    @patch("requests.get")
    def test_names(self, mock_get):
        response = MagicMock()
        response.ok = True
        response.reason = "OK"
        response.json.return_value = {"names": ["Ann"]}
        mock_get.return_value = response
        self.assertEqual(names("https://api.test/names", {"page": None}), ["Ann"])
        mock_get.assert_called_once()

    @patch("api.requests.get")
    def test_result(self, mock_get):
        mock_get.return_value.ok = False
        mock_get.return_value.reason = "Gone"
        with self.assertRaises(Gone):
            names("https://api.test/names", {})

    @patch("api.requests.get")
    def test_named_result(self, mock_get):
        response = mock_get.return_value
        response.ok = False
        response.reason = "Gone"
        with self.assertRaises(Gone) as caught:
            names("https://api.test/names", {})
        self.assertEqual(str(caught.exception), "Gone")


def test_helper():
    with patch("requests.get", return_value=reply({"names": []})) as get:
        assert names("https://api.test/names", {"page": 2}) == []
    assert get.called


def test_in_turn():
    with patch("requests.get") as get:
        get.side_effect = [reply({"names": ["Bo"]}), reply({}, ok=False), ValueError("no")]
        assert names("https://api.test/names", {}) == ["Bo"]
        with pytest.raises(Gone):
            names("https://api.test/names", {})
        with pytest.raises(ValueError):
            names("https://api.test/names", {})
