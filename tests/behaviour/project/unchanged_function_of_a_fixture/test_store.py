import pytest

import store


@pytest.fixture
def asked():
    def call_one(n):
        return store.one(n)

    return call_one


@pytest.fixture
def mapped():
    def call_two(n):
        return store.two(n)

    return call_two


@pytest.fixture(params=[True, False])
def either(request):
    def call_three(n):
        return store.three(n)

    return call_three if request.param else len


@pytest.fixture
def replaced():
    def call_four(n):
        return store.four(n)

    return call_four


def test_asked(request):
    assert request.getfixturevalue("asked")(1) == 2


def test_mapped(mapped):
    assert list(map(mapped, iter([1, 2])))[1:] == [4]


def test_either(either):
    assert either([1, 2]) in (2, [1, 2, 1, 2])


@pytest.mark.parametrize("replaced", [abs])
def test_replaced(replaced):
    assert replaced(-1) == 1


def test_not_replaced(replaced):
    assert replaced(1) == 2
