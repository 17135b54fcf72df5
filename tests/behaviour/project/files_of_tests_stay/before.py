# case: args = --seed all --unsafe
# case: keep test_notes.py
# case: may stay
import test_notes

test_notes.test_reads()
print("passed")
