import unittest

import api
import pytest
import requests
import responses


@responses.activate
def test_name():
    responses.add(responses.GET, "https://api.test/users/1", json={"name": "Ann"})
    assert api.name(1) == "Ann"


@responses.activate
def test_nothing_answers():
    """Nothing is registered."""
    with pytest.raises(requests.exceptions.ConnectionError):
        api.name(1)


class Case(unittest.TestCase):
    @responses.activate
    def test_nothing_answers(self):
        with self.assertRaises(requests.RequestException):
            api.name(2)
