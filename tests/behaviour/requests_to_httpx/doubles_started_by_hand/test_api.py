import unittest
from unittest.mock import Mock, patch

import api


class NameTest(unittest.TestCase):
    def setUp(self):
        patcher = patch("requests.get")
        self.get = patcher.start()
        self.addCleanup(patcher.stop)

    def test_name(self):
        self.get.return_value = Mock(ok=True, reason="OK")
        self.get.return_value.json.return_value = {"name": "Ann"}
        self.assertEqual(api.name(1), "Ann")
        self.get.assert_called_once_with("https://api.test/users/1", timeout=3)

    def test_missing(self):
        self.get.return_value.ok = False
        self.get.return_value.reason = "gone"
        self.assertEqual(api.name(2), "gone")

    def test_another_one(self):
        self.get.return_value = Mock(ok=False, reason="gone")
        self.assertEqual(api.name(2), "gone")
