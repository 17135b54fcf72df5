import unittest

import store


class First(unittest.TestCase):
    def assertRaises(self, error, function, *args):
        with super().assertRaises(error) as caught:
            function(*args)
        print(caught.exception)

    def test_own(self):
        self.assertRaises(ValueError, store.Client().fetch, -1)
