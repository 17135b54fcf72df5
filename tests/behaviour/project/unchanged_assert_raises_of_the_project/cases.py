import unittest


class Case(unittest.TestCase):
    def assertRaises(self, error, function, *args, **kwargs):
        try:
            function(*args, **kwargs)
        except error:
            return
        self.fail("nothing is raised")
