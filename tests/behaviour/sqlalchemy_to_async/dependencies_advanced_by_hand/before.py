# case: args = --unsafe
# case: expect test_database.py = db = await anext(gen)
# case: expect test_database.py = except StopAsyncIteration:
# case: expect test_database.py = with pytest.raises(StopAsyncIteration):
# case: expect test_database.py = await gen.aclose()
# Tests of a dependency advance its generator by hand.
import database
import outcomes

outcomes.run("test_database.py")
print(database.CLOSED)
