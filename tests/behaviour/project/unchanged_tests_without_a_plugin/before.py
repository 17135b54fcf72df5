# case: unchanged
# Nothing says that a plugin awaits async tests and fixtures.
import outcomes
import store

outcomes.run("test_store.py")
print(store.LOG)
