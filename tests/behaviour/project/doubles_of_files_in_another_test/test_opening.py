import builtins
import unittest


class Opening(unittest.TestCase):
    def setUp(self):
        self.asked = []

    def test_open(self):
        real = builtins.open

        def double(name, mode="r"):
            self.asked.append((name, mode))
            return real(name, mode)

        builtins.open = double
        try:
            with open(__file__, "rb") as file:
                self.assertTrue(file.read(1))
        finally:
            builtins.open = real
        self.assertEqual(self.asked, [(__file__, "rb")])
