# case: expect test_store.py = @pytest.mark.anyio
# case: reject test_store.py = mark.asyncio
# The project marks its tests for the plugin of anyio.
import outcomes
import store

outcomes.run("-p", "no:asyncio", "test_store.py")
print(store.LOG)
