import pytest

import store


def setup_module(module):
    store.hook(1)


class TestHooks:
    def setup_method(self):
        store.hook(2)

    def teardown_method(self):
        store.hook(3)

    def test_session(self, session):
        assert session == 1


@pytest.mark.asyncio
async def test_async():
    assert True


def test_asked(request):
    assert request.getfixturevalue("later") == 1


def test_raises():
    assert pytest.raises(KeyError, store.raising, 1).value
