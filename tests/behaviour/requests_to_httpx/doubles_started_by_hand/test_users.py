import unittest
from unittest import mock
from unittest.mock import Mock, patch

import users


class AddTest(unittest.TestCase):
    def setUp(self):
        self.patcher = patch("users.requests.post", return_value=Mock(status_code=201))
        self.post = self.patcher.start()

    def tearDown(self):
        self.patcher.stop()

    def test_added(self):
        self.assertEqual(users.add("Bob"), 201)
        self.assertEqual(self.post.call_count, 1)

    def test_refused(self):
        self.post.return_value.status_code = 409
        self.assertEqual(users.add("Bob"), 409)
        self.post.assert_called_once()


class DropTest(unittest.TestCase):
    def setUp(self):
        self.delete = mock.patch.object(users.requests, "delete").start()
        self.addCleanup(mock.patch.stopall)

    def test_dropped(self):
        self.delete.return_value.status_code = 204
        self.assertEqual(users.drop(1), 204)


def test_in_a_function():
    patcher = patch("requests.delete")
    delete = patcher.start()
    delete.return_value = Mock(status_code=204)
    try:
        assert users.drop(3) == 204
    finally:
        patcher.stop()
