# case: args = --scope project --seed all --make-async before:add
# case: expect = IsolatedAsyncioTestCase
import unittest, sys
def add(a, b): return a + b
class T(unittest.TestCase):
    def setUp(self): self.x = add(1, 1)
    def test_ok(self): self.assertEqual(add(self.x, 1), 3)
    def test_bad(self): self.assertEqual(add(1, 1), 3)
r = unittest.main(argv=["x"], exit=False).result
print(r.testsRun, len(r.failures), len(r.errors))
