# case: expect test_store.py = async def loaded(
# case: expect test_store.py = async def test_load(
# case: expect test_store.py = def test_sync(loaded)
# case: reject test_store.py = pytest_asyncio
# case: reject test_store.py = mark.asyncio
# case: reject test_store.py = async def test_sync(
# In auto mode neither fixtures nor tests need more than their colour.
import outcomes
import store

outcomes.run("test_store.py")
print(store.LOG)
