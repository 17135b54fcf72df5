# case: unchanged
# A project may have an `assertRaises` of its own, which need not have another form.
import case_outcomes
import store

case_outcomes.run("test_own", "test_base")
print(store.LOG)
