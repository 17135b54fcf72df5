from helpers import Prepared


class TestA(Prepared):
    def test_name(self):
        assert self.name == "a"
