# case: expect store.py = async def put_all
# case: expect = await store.put_all
from redis_stub import URL
from store import Store, make, size


def main():
    store = Store(URL)
    store.put_all({"a": "1", "b": "2"})
    print(store.get("a"), store.keys(), store.client.ping())
    client = make(URL)
    print(size(client), size(store.client))
    client.close()
    store.close()


if __name__ == "__main__":
    main()
