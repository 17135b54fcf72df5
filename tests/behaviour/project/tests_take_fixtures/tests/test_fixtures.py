import pytest


def test_client(client):
    assert client.fetch(1) == 3


def test_sync(loaded, opened):
    assert (loaded, opened) == (201, 402)


def test_numbered(numbered, client):
    assert client.fetch(numbered) in (5, 9)


def test_renamed(renamed):
    assert renamed == [6, 201]


@pytest.mark.usefixtures("opened")
def test_used():
    pass


class TestOwn:
    @pytest.fixture
    def own(self, client):
        return client.fetch(5)

    @pytest.fixture(autouse=True)
    def prepared(self, own):
        self.kept = own

    def test_own(self, own):
        assert own == 11 == self.kept
