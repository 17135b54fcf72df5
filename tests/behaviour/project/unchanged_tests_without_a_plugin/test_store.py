import pytest

from store import Client, load


@pytest.fixture
def loaded():
    return load(1)


def test_load(loaded):
    assert load(loaded) == 4


def test_client():
    assert Client().fetch(1) == 3
