# case: args = --seed all --unsafe
# case: reject = import requests
# case: expect = with patch("httpx2.AsyncClient.get", return_value=MagicMock()) as get:
# case: expect = get.side_effect = [httpx2.ConnectError("x"), MagicMock(status_code=200, json=lambda: {"name": "y"})]
from unittest.mock import MagicMock, patch

import requests


def name(number):
    response = requests.get(f"http://api.test/user/{number}", timeout=3)
    response.raise_for_status()
    return response.json()["name"]


def check_answer():
    with patch("requests.get", return_value=MagicMock()) as get:
        get.return_value.json.return_value = {"name": "x"}
        print(name(1))
        get.assert_called_once_with("http://api.test/user/1", timeout=3)


@patch("requests.get")
def check_failure(get):
    get.side_effect = [requests.ConnectionError("x"), MagicMock(status_code=200, json=lambda: {"name": "y"})]
    try:
        name(1)
    except requests.RequestException:
        print("failed")
    print(name(2), get.call_count)


if __name__ == "__main__":
    check_answer()
    check_failure()
