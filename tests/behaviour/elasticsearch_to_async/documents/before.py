# case: expect = AsyncElasticsearch
from elastic_stub import URL
from elasticsearch import Elasticsearch, NotFoundError


def main():
    client = Elasticsearch(URL)
    print(client.index(index="i", id="1", document={"a": 1})["result"])
    print(client.get(index="i", id="1")["_source"], client.indices.create(index="i")["acknowledged"])
    try:
        client.options(request_timeout=5).get(index="i", id="9")
    except NotFoundError as error:
        print(error.status_code)
    print(client.options(request_timeout=5).ping(), client.count()["count"])
    client.close()


if __name__ == "__main__":
    main()
