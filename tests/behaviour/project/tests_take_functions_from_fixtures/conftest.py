import pytest

import store


@pytest.fixture
def make_client():
    def make(n):
        client = store.Client(n)
        client.first = client.fetch()
        return client

    return make


@pytest.fixture(scope="module")
def loader():
    def load_all(*numbers):
        return sum(store.load(n) for n in numbers)

    yield load_all
    store.LOG.append("closed")


@pytest.fixture
def doubler():
    def double(n):
        return n * 2

    return double
