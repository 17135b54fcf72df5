import unittest


class TestCase(unittest.TestCase):
    def run(self, result=None):
        print("before", self._testMethodName)
        return super().run(result)
