# case: unchanged
# What pytest and unittest call themselves, and what they are handed.
import outcomes
import store

outcomes.run("test_store.py", "test_cases.py")
print(store.LOG)
