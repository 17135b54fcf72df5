# case: expect conftest.py = @pytest_asyncio.fixture(scope="session", loop_scope="session")
# case: expect conftest.py = @pytest_asyncio.fixture(loop_scope="session")
# case: expect conftest.py = @pytest.fixture(scope="session")
# case: expect test_store.py = @pytest.mark.asyncio(loop_scope="session")
# case: expect test_store.py = def test_name(name):
# What a fixture of the whole session gives belongs to one event loop: all tests run in it.
import outcomes
import store

outcomes.run("test_store.py", "test_others.py")
print(store.LOG)
