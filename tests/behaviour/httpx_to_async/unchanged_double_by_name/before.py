# case: unchanged
import pytest

print(int(pytest.main(["-p", "no:cacheprovider", "-p", "no:terminal", "-W", "ignore", "tests.py"])))
