from unittest.mock import MagicMock, patch

from api_of_deletion import remove


@patch("requests.delete")
def test_remove(delete):
    delete.return_value = MagicMock(status_code=204)
    assert remove("https://api.test/all", ["Ann"]) == 204
