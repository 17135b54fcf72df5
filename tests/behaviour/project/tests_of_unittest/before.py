# case: expect test_store.py = class Base(unittest.IsolatedAsyncioTestCase):
# case: expect test_store.py = async def asyncSetUp(self):
# case: expect test_store.py = await super().asyncSetUp()
# case: expect test_store.py = def setUpClass(cls):
# case: expect test_store.py = async def asyncTearDown(self):
# case: expect test_store.py = def test_sync(self):
# case: expect test_store.py = class Untouched(unittest.TestCase):
# case: expect test_named.py = class Named(Mixin, IsolatedAsyncioTestCase):
# case: reject test_store.py = async def test_sync
# A test case whose methods wait derives from IsolatedAsyncioTestCase, with its family.
import case_outcomes
import store

case_outcomes.run("test_store", "test_named")
print(store.LOG)
