# case: unchanged
# pytest calls `setup_method` by its name, wherever the class stands that has it, and awaits nothing.
import outcomes

outcomes.run("test_store.py")
