# case: expect specs.py = @pytest.mark.asyncio
# case: expect specs.py = await load("a")
# case: expect specs.py = async def it_loads_another
# The settings say which files hold tests, and which functions are some.
import outcomes

outcomes.run("specs.py")
