import unittest

import store


class OfClass(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.value = store.cased(1)

    def test_value(self):
        self.assertEqual(self.value, 1)


class Cleaned(unittest.TestCase):
    def setUp(self):
        self.addCleanup(store.cleaned, 1)

    def test_raises(self):
        self.assertIsNone(self.assertRaises(KeyError, store.raising, 1))


class Both(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        store.both(1)

    async def asyncSetUp(self):
        store.LOG.append("then")

    async def test_nothing(self):
        pass


class Direct(unittest.TestCase):
    def setUp(self):
        store.direct(1)

    def test_again(self):
        self.setUp()
