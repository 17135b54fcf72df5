import unittest

import requests
import requests_mock
from api import Api


class TestErrors(unittest.TestCase):
    def setUp(self):
        self.api = Api("https://api.test")

    def test_unknown(self):
        with requests_mock.Mocker() as m:
            m.get("https://api.test/users/1", status_code=404)
            with self.assertRaises(requests.HTTPError) as caught:
                self.api.user(1)
        self.assertEqual(caught.exception.response.status_code, 404)

    def test_timeout(self):
        with requests_mock.Mocker() as m:
            m.get("https://api.test/users/1", exc=requests.ReadTimeout)
            try:
                self.api.user(1)
            except requests.Timeout:
                pass
            else:
                self.fail("no timeout")
