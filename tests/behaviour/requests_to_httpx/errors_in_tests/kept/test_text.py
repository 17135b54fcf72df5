import pytest
import requests
import responses
from text import page


@responses.activate
def test_message():
    responses.add(responses.GET, "https://api.test/page", status=404)
    with pytest.raises(requests.HTTPError, match="404"):
        page("https://api.test/page")
