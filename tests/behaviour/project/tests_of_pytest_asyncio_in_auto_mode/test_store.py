import pytest

from store import load


@pytest.fixture
def loaded():
    return load(1)


@pytest.fixture
def table(loaded):
    yield {"loaded": loaded, "more": load(2)}
    load(3)


def test_load(table):
    assert load(4) == 8
    assert table == {"loaded": 2, "more": 4}


def test_sync(loaded):
    assert loaded == 2
