import unittest

import store
from store import load


class First(unittest.TestCase):
    def setUp(self):
        self.client = store.Client()

    def test_function(self):
        self.assertRaises(ValueError, store.load, -1)  # told

    def test_method(self):
        self.assertRaises(ValueError, self.client.fetch, -2, scale=3)
        self.assertEqual(self.client.fetch(2), 4)

    def test_pattern(self):
        self.assertRaisesRegex(ValueError, "neg", load, -3)
        self.assertWarns(UserWarning, load, 101)
        self.assertWarnsRegex(UserWarning, "lar", load, n=102)

    def test_lambda(self):
        self.assertRaises(ValueError, lambda: store.load(-4))

    def test_several_lines(self):
        for n in (-5, -6):
            self.assertRaises(
                ValueError,
                self.client.fetch,
                n,
                scale=2,
            )
            self.assertRaises(
                (ValueError, TypeError), self.client.fetch,
                {
                    "n": n,
                }["n"],
                scale=2)

    def test_local(self):
        def fail():
            """Fails."""
            return load(-7) + 1

        self.assertRaises(ValueError, fail)

    def test_sync(self):
        self.assertRaises(TypeError, store.name, 3, 4)

    def test_another_error(self):
        self.assertRaises(KeyError, load, -9)
