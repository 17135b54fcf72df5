# case: expect conftest.py = async def make(n):
# case: expect test_store.py = client = await make_client(2)
# case: expect test_store.py = assert await loader(3) == 6
# case: expect test_store.py = def test_sync(doubler):
# What a fixture gives may be a function: tests call it by the name of their parameter.
import outcomes
import store

outcomes.run("test_store.py")
print(store.LOG)
