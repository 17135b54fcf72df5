from unittest.mock import MagicMock, patch

from api_of_arguments import find


@patch("requests.get")
def test_arguments(get):
    get.return_value = MagicMock()
    find("https://api.test/all", {"page": 2})
    get.assert_called_once_with("https://api.test/all", params={"page": 2})
