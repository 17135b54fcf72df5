# case: args = --seed all --unsafe
# case: expect test_app.py = @pytest_asyncio.fixture
# case: expect test_app.py = async def test_index(client):
# case: expect test_app.py = assert (await client.get("/")).json() == {"ok": True}
import outcomes

outcomes.run("test_app.py")
