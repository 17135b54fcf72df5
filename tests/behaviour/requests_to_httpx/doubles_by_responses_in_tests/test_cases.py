import unittest

import responses
from api import Api


class ApiTest(unittest.TestCase):
    def setUp(self):
        self.api = Api("https://api.test")

    @responses.activate
    def test_user(self):
        responses.add(responses.GET, "https://api.test/users/2", json={"name": "Cy"}, status=200)
        self.assertEqual(self.api.user(2)["name"], "Cy")
        self.assertEqual(responses.calls[0].request.url, "https://api.test/users/2")
        self.assertEqual(len(responses.calls), 1)


if __name__ == "__main__":
    unittest.main()
