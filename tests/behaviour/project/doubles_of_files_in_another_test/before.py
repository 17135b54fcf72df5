# case: args = --seed all --unsafe
# case: expect test_store.py = async with aiofiles.open(self.path, "ab+") as file:
# case: expect test_store.py = async def asyncSetUp(self):
# case: keep test_opening.py
# Another test case has a `setUp` as well, and puts a double in the place of `open`: it is for the code of that test.
import case_outcomes

case_outcomes.run("test_store", "test_opening")
