# case: expect store.py = async def fetch(
# case: expect test_store.py = @pytest.mark.asyncio
# case: expect test_store.py = with pytest.raises(TypeError) as caught:
# case: expect test_store.py = await load("x")
# In strict mode an async test needs its mark, on itself, its class or its module.
import outcomes
import store

outcomes.run("test_store.py", "test_marked.py", "test_classes.py")
print(store.LOG)
