import pytest

from store import Store


@pytest.fixture(scope="session")
def name():
    return "store"


@pytest.fixture(scope="session")
def store(name):
    opened = Store()
    opened.open()
    yield opened
    opened.close()


@pytest.fixture(
    scope="module",
    autouse=True,
)
def warm(store):
    store.load(0)


@pytest.fixture
def loaded(store):
    return store.load(1)
