import pytest

from store import Client, load


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.mark.anyio
async def test_async():
    assert True


def test_load():
    assert load(1) == 2


class TestClient:
    @pytest.mark.parametrize("n", [1, 2])
    def test_fetch(self, n):
        assert Client().fetch(n) == 2 * n + 1
