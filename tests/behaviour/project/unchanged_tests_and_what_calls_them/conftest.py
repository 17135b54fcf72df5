import pytest

import store


@pytest.fixture(scope="session")
def session():
    return store.session(1)


@pytest.fixture
def later():
    return store.asked(1)


def pytest_sessionfinish(session):
    store.hook(0)
