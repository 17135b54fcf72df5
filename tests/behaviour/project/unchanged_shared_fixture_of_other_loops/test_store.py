import pytest

import store


@pytest.fixture(scope="session")
def loaded():
    return store.load(1)


def test_loaded(loaded):
    assert loaded == 2


@pytest.mark.asyncio
async def test_async(loaded):
    assert loaded == 2
