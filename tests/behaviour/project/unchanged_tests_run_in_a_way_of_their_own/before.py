# case: unchanged
# A `run` of the project's own calls the tests, and awaits none.
import io
import unittest

import test_load

suite = unittest.defaultTestLoader.loadTestsFromModule(test_load)
result = unittest.TextTestRunner(stream=io.StringIO()).run(suite)
print(result.testsRun, len(result.failures), len(result.errors))
