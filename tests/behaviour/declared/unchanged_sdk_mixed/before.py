# case: args = --scope project --unsafe
# case: unchanged
import acme


class Fake:
    def count(self):
        return 7


class Board:
    """What it holds may be a double, which nobody awaits."""

    def __init__(self, rows=None):
        self.rows = rows or acme.Client("acme://here").collection("rows")

    def size(self):
        return self.rows.count()


class Shelf:
    """One attribute for values of two classes."""

    def __init__(self, client):
        self.held = client.collection("held")
        print(self.held.count())
        self.held = client.files
        print(self.held.read("a"))


def kept(client, into):
    """The container is not followed."""
    into["cursor"] = client.collection("kept").find({})
    return list(into["cursor"])


def main():
    print(Board(Fake()).size(), Board().size())
    Shelf(acme.Client("acme://shelf"))
    print(kept(acme.Client("acme://kept"), {}))


if __name__ == "__main__":
    main()
