import pytest


class TestOthers:
    @pytest.fixture()
    def other(self, store):
        yield store.load(5)
        store.load(6)

    @pytest.mark.parametrize("n", [7, 8])
    def test_other(self, store, other, n):
        assert store.load(n) == n * 2
        assert other == 10
