from store import load


def test_loads():
    assert load("a") == "A"


def it_loads_another():
    assert load("b") == "B"


class TestBoth:
    def test_both(self):
        assert [load("a"), load("b")] == ["A", "B"]
