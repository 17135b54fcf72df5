# case: args = --seed all --unsafe
# case: unchanged
# The tests of anyio run the same code on both backends: nothing that needs an event loop of asyncio is written.
import test_store

for backend in test_store.BACKENDS:
    test_store.run(backend)
