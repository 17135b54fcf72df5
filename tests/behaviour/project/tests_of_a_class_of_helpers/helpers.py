from store import load


class Loads:
    name = ""

    def test_loads(self):
        assert load(self.name) == self.name.upper()
