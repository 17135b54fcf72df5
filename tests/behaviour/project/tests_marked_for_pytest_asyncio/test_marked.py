import pytest

import store

pytestmark = [pytest.mark.asyncio, pytest.mark.filterwarnings("default")]


def test_load():
    assert store.load(11) == 22


async def test_async():
    assert True
