# case: expect test_store.py = self.client.fetch = AsyncMock(return_value=7)
# case: expect test_store.py = fetch = AsyncMock()
# case: expect test_store.py = self.client.fetch = mock.AsyncMock(side_effect=ValueError("late"))
# case: expect test_store.py = self.client.name = Mock(return_value="other")
# case: expect test_store.py = from unittest.mock import AsyncMock, Mock
# A mock that a test puts in the place of a method that becomes async is awaited as well.
import case_outcomes
import store

case_outcomes.run("test_store")
print(store.LOG)
