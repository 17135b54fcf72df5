# case: expect tests/conftest.py = @pytest_asyncio.fixture(params=[1, 2], ids=str)
# case: expect tests/conftest.py = @pytest_asyncio.fixture(autouse=True)
# case: expect tests/conftest.py = def client():
# case: expect tests/deep/test_deep.py = async def test_other_client(
# case: expect tests/test_fixtures.py = def test_sync(loaded, opened):
# case: reject tests/conftest.py = async def client
# case: reject tests/test_fixtures.py = async def test_sync
# Fixtures that wait, and tests and fixtures that take them: return and yield, parametrized, autouse, renamed, in classes.
import outcomes
import store

outcomes.run("tests")
print(store.LOG)
