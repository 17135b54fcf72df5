from unittest.mock import MagicMock, patch

from api_untold import is_there


@patch("requests.get")
def test_is_there(get):
    get.return_value = MagicMock()
    assert is_there("https://api.test/all")
