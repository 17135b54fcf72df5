def test_load(store, loaded):
    assert store.load(loaded) == 4


def test_again(store):
    assert store.load(3) == 6


def test_loaded(loaded):
    assert loaded == 2


def test_name(name):
    assert name == "store"
