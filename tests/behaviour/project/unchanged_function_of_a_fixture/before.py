# case: unchanged
# What a fixture gives may get where its calls are not in sight.
import outcomes
import store

outcomes.run("test_store.py")
print(store.LOG)
