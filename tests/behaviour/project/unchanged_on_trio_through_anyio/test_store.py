import anyio

import store

BACKENDS = ["asyncio", "trio"]


def run(backend):
    try:
        print(backend, anyio.run(store.double, 3, backend=backend))
    except LookupError:
        print(backend, "is not installed")
