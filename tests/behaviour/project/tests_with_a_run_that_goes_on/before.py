# case: expect test_load.py = await asyncio.sleep(0.001)
# case: expect case.py = class TestCase(unittest.IsolatedAsyncioTestCase):
# A `run` that goes on to that of unittest awaits what that awaits.
import io
import unittest

import test_load

suite = unittest.defaultTestLoader.loadTestsFromModule(test_load)
result = unittest.TextTestRunner(stream=io.StringIO()).run(suite)
print(result.testsRun, len(result.failures), len(result.errors))
