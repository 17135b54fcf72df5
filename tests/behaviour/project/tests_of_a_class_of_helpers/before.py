# case: expect helpers.py = @pytest.mark.asyncio
# case: expect helpers.py = async def test_loads
# Tests may stand in a class that those of test files derive from.
import outcomes

outcomes.run("test_store.py")
