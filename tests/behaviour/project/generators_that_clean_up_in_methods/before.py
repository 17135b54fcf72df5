# case: expect = )) as items:
# case: expect = async with aclosing(self.rows(1)) as items_2:
# case: expect = print([row async for row in store.rows()])
# A call of the base's method may be one of the override, which cleans up.
import contextlib
import time


class Store:
    def rows(self, limit=3):
        for n in range(limit):
            time.sleep(0.001)
            yield n

    def first(self):
        items = "first"
        for row in self.rows(1):  # only one
            # a comment
            return items, row
        else:
            return None


class Marked(Store):
    @contextlib.contextmanager
    def marked(self):
        print("begin")
        yield
        print("end")

    def rows(self, limit=3):
        with self.marked():
            for n in range(limit):
                time.sleep(0.001)
                yield -n


def show(store: Store):
    for row in store.rows(
        limit=2
    ):
        text = """
row {}
  of two"""
        print(text.format(row))
    print("shown")
    print([row for row in store.rows()])


def main():
    for store in (Store(), Marked()):
        show(store)
        print(store.first())


if __name__ == "__main__":
    main()
