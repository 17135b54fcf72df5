# case: expect = await super().save()
# case: expect = await self.save()
# case: expect = await Model().commit()
# In `Logged.save`, `super()` is whatever comes next in the order of the class at hand.
import time


class Root:
    def save(self):
        return ["root"]


class Logged(Root):
    def save(self):
        return ["logged"] + super().save()


class Stored(Root):
    def save(self):
        time.sleep(0.001)
        return ["stored"] + super().save()


class CommitMixin:
    def commit(self):
        return self.save()


class Model(CommitMixin, Logged, Stored):
    pass


def main():
    print(Model().commit(), Logged().save(), [cls.__name__ for cls in Model.__mro__])


if __name__ == "__main__":
    main()
