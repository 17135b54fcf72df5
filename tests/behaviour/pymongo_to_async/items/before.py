# case: args = --seed all
# case: expect = (await items.find().sort("n", -1).skip(1).limit(-1).to_list())[0]["n"]
from mongo_stub import URI
from pymongo import MongoClient


def main():
    with MongoClient(URI) as client:
        items = client.d.c
        items.insert_many([{"_id": number, "n": number} for number in range(4)])
        print(items.find().sort("n", -1)[1]["n"], items.find({"n": 2})[0])
        try:
            items.find()[9]
        except IndexError:
            print("no such item")


if __name__ == "__main__":
    main()
