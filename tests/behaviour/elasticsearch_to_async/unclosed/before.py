# case: expect = async with AsyncElasticsearch(URL) as client:
from elastic_stub import URL
from elasticsearch import Elasticsearch


def main():
    client = Elasticsearch(URL)
    client.index(index="i", id="1", document={"a": 1})
    found = client.search(index="i")
    hits = found["hits"]["hits"]
    print([hit["_id"] for hit in hits])


if __name__ == "__main__":
    main()
