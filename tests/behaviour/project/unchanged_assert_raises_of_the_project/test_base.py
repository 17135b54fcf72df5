import cases
import store


class Second(cases.Case):
    def test_base(self):
        self.assertRaises(ValueError, store.load, -2)
