import os
import unittest

from store import temporary


class Writer(unittest.TestCase):
    def setUp(self):
        self.path = temporary("written")
        with open(self.path, "ab+") as file:
            file.write(b"TAG")

    def tearDown(self):
        os.unlink(self.path)

    def test_size(self):
        self.assertEqual(os.path.getsize(self.path), 3)
