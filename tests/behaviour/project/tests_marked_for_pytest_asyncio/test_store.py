import pytest

from store import Client, load


def test_load():
    assert load(1) == 2


@pytest.mark.parametrize("n", [1, 2, pytest.param(3, marks=pytest.mark.xfail(strict=True))])
@pytest.mark.parametrize(
    "m",
    [0, 10],
)
def test_parametrized(n, m):
    assert load(n + m) == 2 * n + 2 * m and n != 3


@pytest.mark.skipif(False, reason="runs")
def test_not_skipped():
    client = Client()
    assert client.fetch(4) == 9


@pytest.mark.xfail(raises=ZeroDivisionError, strict=True)
def test_fails():
    load(5) / 0


@pytest.mark.skip(reason="never")
def test_skipped():
    load(6) / 0


def test_error_inside():
    with pytest.raises(ZeroDivisionError):
        load(7) / 0


def test_error_of_a_function(tmp_path):
    caught = pytest.raises(TypeError, load, "x")
    assert "integer" in str(caught.value)
    pytest.raises(
        TypeError,
        Client().fetch,
        n="a text that makes the line too long for one of eighty-eight columns, and so it stays",
    )
    pytest.raises(TypeError, lambda: Client().fetch(n="y"))


def test_sync(monkeypatch, tmp_path):
    assert tmp_path.exists()
