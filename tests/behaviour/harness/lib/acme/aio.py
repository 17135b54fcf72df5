import acme


class AsyncClient:
    def __init__(self, url):
        self.url = url
        self.files = AsyncFiles(url)

    def collection(self, name):
        return AsyncCollection(name)

    async def ping(self):
        return True

    async def aclose(self):
        print("closed", self.url)

    async def __aenter__(self):
        return self

    async def __aexit__(self, *details):
        await self.aclose()


class AsyncFiles:
    def __init__(self, url):
        self.url = url

    async def read(self, name):
        return f"{self.url}/{name}"


class AsyncCollection:
    def __init__(self, name):
        self.name = name

    async def insert(self, row):
        acme.STORE.setdefault(self.name, []).append(row)

    async def count(self):
        return len(acme.STORE.get(self.name, []))

    def find(self, wanted):
        rows = [row for row in acme.STORE.get(self.name, []) if wanted.items() <= row.items()]
        return AsyncCursor(rows)

    def pipeline(self):
        return AsyncPipeline(self.name)


class AsyncCursor:
    def __init__(self, rows):
        self.rows = rows

    def limit(self, n):
        return AsyncCursor(self.rows[:n])

    async def fetch(self):
        return self.rows

    async def __aiter__(self):
        for row in self.rows:
            yield row


class AsyncPipeline(acme.Pipeline):
    async def run(self):
        return super().run()

    __enter__ = __exit__ = None

    async def __aenter__(self):
        return self

    async def __aexit__(self, *details):
        self.rows = []
