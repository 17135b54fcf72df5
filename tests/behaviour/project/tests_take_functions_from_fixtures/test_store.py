import pytest


@pytest.fixture
def two(make_client):
    return make_client(2)


def test_made(make_client):
    client = make_client(2)
    assert client.first == 4


def test_loaded(loader):
    assert loader(3) == 6
    assert loader(1, 2) == 6


def test_through_another(two):
    assert two.first == 4


def test_sync(doubler):
    assert doubler(4) == 8
