import pytest

from store import Client, load


@pytest.fixture
def client():
    return Client()


@pytest.fixture
def loaded(client):
    """What the client loads."""
    return client.fetch(100)


@pytest.fixture(params=[1, 2], ids=str)
def numbered(request):
    return load(request.param)


@pytest.fixture
def opened(loaded):
    first = load(loaded)
    try:
        yield first
    finally:
        load(-1)


@pytest.fixture(autouse=True)
def around():
    load(0)
    yield
    load(9)


@pytest.fixture(name="renamed")
def _renamed(loaded):
    return [load(3), loaded]
