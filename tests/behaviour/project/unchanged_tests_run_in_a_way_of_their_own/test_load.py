import time

from case import TestCase


class TestLoad(TestCase):
    def test_one(self):
        time.sleep(0.001)
        print("loaded")
