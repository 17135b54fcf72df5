import unittest
from unittest import mock
from unittest.mock import Mock

import store


class First(unittest.TestCase):
    def setUp(self):
        self.client = store.Client()

    def test_real(self):
        self.assertEqual(self.client.both(1), ("client", 2))

    def test_result(self):
        self.client.fetch = Mock(return_value=7)
        self.assertEqual(self.client.both(2), ("client", 7))
        self.client.fetch.assert_called_once_with(2)
        self.assertEqual(self.client.fetch.call_args[0], (2,))

    def test_error(self):
        self.client.fetch = mock.MagicMock(side_effect=ValueError("late"))
        with self.assertRaisesRegex(ValueError, "late"):
            self.client.both(3)

    def test_in_turn(self):
        fetch = Mock()
        fetch.side_effect = [1, 2]
        self.client.fetch = fetch
        self.assertEqual([self.client.both(n)[1] for n in (4, 5)], [1, 2])
        self.assertEqual(fetch.call_count, 2)

    def test_sync(self):
        self.client.name = Mock(return_value="other")
        self.assertEqual(self.client.both(6), ("other", 12))
