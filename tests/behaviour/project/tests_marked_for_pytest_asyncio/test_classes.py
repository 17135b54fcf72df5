import store
from pytest import mark


class TestPlain:
    def helper(self, n):
        client = store.Client()
        return client.fetch(n)

    def test_one(self):
        assert self.helper(21) == 43

    @mark.parametrize("n", [22, 23])
    def test_two(self, n):
        assert store.load(n) == n * 2

    def test_sync(self):
        assert store.Client().name == "client"

    class TestInner:
        def test_three(self):
            assert store.load(24) == 48


@mark.asyncio
class TestMarked:
    def test_one(self):
        assert store.load(25) == 50
