from unittest import TestCase, main

from store import load


class Mixin:
    def test_mixed(self):
        self.assertEqual(load(self.number), 2 * self.number)


class Named(Mixin, TestCase):
    number = 21

    def test_named(self):
        self.assertEqual(load(22), 44)


class Again(Mixin, TestCase):
    number = 23


if __name__ == "__main__":
    main()
