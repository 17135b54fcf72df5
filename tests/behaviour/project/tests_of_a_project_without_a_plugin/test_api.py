import api
import pytest


@pytest.fixture
def four():
    return api.double(2)


def test_double():
    assert api.double(3) == 6


def test_fixture(four):
    assert four == 4


def test_plain():
    assert 1 + 1 == 2
