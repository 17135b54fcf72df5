# case: expect tests.py = async with httpx.AsyncClient(
import pytest

print(int(pytest.main(["-p", "no:cacheprovider", "-p", "no:terminal", "-W", "ignore", "tests.py"])))
