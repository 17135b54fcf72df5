"""A small SDK with an async twin: rows in memory, and files that have their name as content."""

STORE = {}


class Client:
    def __init__(self, url):
        self.url = url
        self.files = Files(url)

    def collection(self, name):
        return Collection(name)

    def ping(self):
        return True

    def close(self):
        print("closed", self.url)

    def __enter__(self):
        return self

    def __exit__(self, *details):
        self.close()


class Files:
    def __init__(self, url):
        self.url = url

    def read(self, name):
        return f"{self.url}/{name}"


class Collection:
    def __init__(self, name):
        self.name = name

    def insert(self, row):
        STORE.setdefault(self.name, []).append(row)

    def count(self):
        return len(STORE.get(self.name, []))

    def find(self, wanted):
        rows = [row for row in STORE.get(self.name, []) if wanted.items() <= row.items()]
        return Cursor(rows)

    def pipeline(self):
        return Pipeline(self.name)


class Cursor:
    def __init__(self, rows):
        self.rows = rows

    def limit(self, n):
        return Cursor(self.rows[:n])

    def fetch(self):
        return self.rows

    def __iter__(self):
        return iter(self.rows)


class Pipeline:
    def __init__(self, name):
        self.name = name
        self.rows = []

    def put(self, row):
        self.rows.append(row)
        return self

    def run(self):
        STORE.setdefault(self.name, []).extend(self.rows)
        return len(self.rows)

    def __enter__(self):
        return self

    def __exit__(self, *details):
        self.rows = []
