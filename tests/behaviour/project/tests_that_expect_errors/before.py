# case: expect test_store.py = with self.assertRaisesRegex(ValueError, "neg"):
# case: expect test_store.py = await self.client.fetch(-2, scale=3)
# case: expect test_store.py = self.assertRaises(TypeError, store.name, 3, 4)
# case: reject test_store.py = self.assertRaises(ValueError, store.load
# case: reject test_store.py = lambda: store.load
# A test that hands a function to what expects it to fail has it called there: with `with`, the test can await it.
import case_outcomes
import store

case_outcomes.run("test_store")
print(store.LOG)
