# case: unchanged
# A mock of which not every use is seen, or that nobody told what to give, stays, and so does what it stands for.
import case_outcomes
import store

case_outcomes.run("test_store")
print(store.LOG)
