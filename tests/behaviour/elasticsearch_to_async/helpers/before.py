# case: expect = await async_bulk(
from elastic_stub import URL
from elasticsearch import Elasticsearch
from elasticsearch.helpers import bulk, scan


class Index:
    def __init__(self, url):
        self.client = Elasticsearch(url)

    def load(self, documents):
        return bulk(self.client, ({"_index": "i", "_id": key, **value} for key, value in documents.items()))

    def ids(self):
        return [hit["_id"] for hit in scan(self.client, index="i")]

    def close(self):
        self.client.close()


def main():
    index = Index(URL)
    print(index.load({"1": {"x": 1}, "2": {"x": 2}}), index.ids())
    for hit in scan(index.client, index="i"):
        print(hit["_source"])
    index.close()


if __name__ == "__main__":
    main()
