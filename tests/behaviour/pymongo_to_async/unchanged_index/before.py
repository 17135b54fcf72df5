# case: unchanged
from mongo_stub import URI
from pymongo import MongoClient


def main():
    with MongoClient(URI) as client:
        client.d.c.insert_one({"_id": 1})
        print(client.d.c.find()[0], next(client.d.c.find()))


if __name__ == "__main__":
    main()
