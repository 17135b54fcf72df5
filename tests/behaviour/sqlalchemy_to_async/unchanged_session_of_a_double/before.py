# case: args = --unsafe
# case: unchanged
# A double takes the place of the function that gives the session, and nothing of it can be awaited.
import outcomes

outcomes.run("test_routes.py")
