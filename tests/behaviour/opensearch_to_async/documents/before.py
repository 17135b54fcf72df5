# case: args = --seed all
# case: expect = self.client = AsyncOpenSearch(url)
# case: expect = await async_bulk(
# case: expect = async for hit in async_scan(
from elastic_stub import URL
from opensearchpy import NotFoundError, OpenSearch
from opensearchpy.helpers import bulk, scan


class Index:
    def __init__(self, url):
        self.client = OpenSearch(url)

    def load(self, documents):
        return bulk(self.client, [{"_index": "i", "_id": key, **value} for key, value in documents.items()])

    def ids(self):
        return [hit["_id"] for hit in scan(self.client, index="i")]

    def one(self, key):
        try:
            return self.client.get(index="i", id=key)["_source"]
        except NotFoundError as error:
            return error.status_code

    def close(self):
        self.client.close()


def main():
    index = Index(URL)
    print(index.client.index(index="i", id="1", body={"a": 1})["result"])
    print(index.load({"2": {"x": 2}, "3": {"x": 3}}), index.ids())
    for hit in scan(index.client, index="i"):
        print(hit["_source"])
    print(index.one("1"), index.one("9"), index.client.count()["count"], index.client.indices.create(index="i"))
    index.close()


if __name__ == "__main__":
    main()
