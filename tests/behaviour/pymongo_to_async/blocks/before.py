# case: expect = async with AsyncMongoClient(URI) as client:
from mongo_stub import URI
from pymongo import MongoClient


def load(names):
    client = MongoClient(URI)
    people = client.app.people
    for number, name in enumerate(names):
        people.insert_one({"_id": number, "name": name})
    return people.count_documents({})


def main():
    print(load(["a", "b"]))
    with MongoClient(URI) as client, client.app.people.find().sort("_id", -1) as cursor:
        print([person["name"] for person in cursor])


if __name__ == "__main__":
    main()
