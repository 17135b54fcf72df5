# case: unchanged
# The async test has an event loop of its own, and takes what the fixture of the session gives, too.
import outcomes
import store

outcomes.run("test_store.py")
print(store.LOG)
