import unittest
from unittest import mock

import store


class Base(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.name = "shared"

    def setUp(self):
        super().setUp()
        self.client = store.Client(self.name)
        self.first = self.client.fetch(1)

    def tearDown(self):
        store.load(-1)
        super().tearDown()

    def fetched(self, n):
        return self.client.fetch(n)


class First(Base):
    def setUp(self):
        super().setUp()
        self.second = store.load(2)

    def test_helpers(self):
        self.assertEqual(self.fetched(3), 7)
        self.assertEqual((self.first, self.second), (3, 4))

    def test_subtests(self):
        for n in (1, 2):
            with self.subTest(n=n):
                self.assertEqual(store.load(n), 2)

    def test_sync(self):
        self.assertEqual(self.second, 4)

    @unittest.skip("never")
    def test_skipped(self):
        store.load(4)

    @unittest.expectedFailure
    def test_expected(self):
        self.assertEqual(store.load(5), 0)

    def test_raises(self):
        with self.assertRaises(ZeroDivisionError):
            store.load(6) / 0

    @mock.patch("store.load", return_value=30)
    def test_patched(self, load):
        self.assertEqual(self.client.fetch(7), 31)
        load.assert_called_once_with(7)

    def test_cleanup(self):
        self.addCleanup(store.LOG.append, "cleaned")
        self.assertTrue(store.load(8))

    def test_error(self):
        raise KeyError(store.load(9))


class Second(Base):
    def tearDown(self):
        store.LOG.append("second")
        super().tearDown()

    def test_sync(self):
        self.assertEqual(self.first, 3)


class Untouched(unittest.TestCase):
    def test_sync(self):
        self.assertTrue(store.LOG)
