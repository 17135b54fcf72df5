import unittest
from unittest.mock import Mock

import store


class First(unittest.TestCase):
    def test_untold(self):
        one = store.One()
        one.fetch_one = Mock()
        self.assertIsInstance(one.fetch_one(1), Mock)

    def test_shared(self):
        fetch = Mock(return_value=3)
        two = store.Two()
        two.fetch_two = fetch
        self.assertEqual(fetch(2), 3)

    def test_wrapped(self):
        three = store.Three()
        three.fetch_three = Mock(wraps=len)
        self.assertEqual(three.fetch_three("abc"), 3)

    def test_real(self):
        self.assertEqual(store.One().fetch_one(1), 2)
        self.assertEqual(store.Two().fetch_two(1), 2)
        self.assertEqual(store.Three().fetch_three(1), 2)
