# case: expect = async for document in
from mongo_stub import URI
from pymongo import MongoClient


def main():
    client = MongoClient(URI)
    col = client["d"]["c"]
    col.insert_one({"_id": 1, "n": "a"})
    print(len(col.insert_many([{"_id": 2, "n": "b"}, {"_id": 3, "n": "b"}]).inserted_ids))
    print(col.find_one({"_id": 1}), col.find_one({"_id": 9}), col.count_documents({"n": "b"}))
    for document in col.find({"n": "b"}).sort("_id", -1):
        print(document["_id"])
    print(list(col.find().limit(2)), [d["_id"] for d in col.aggregate([{"$match": {"n": "b"}}])])
    print(col.update_one({"_id": 1}, {"$set": {"n": "z"}}).modified_count, col.delete_many({"n": "b"}).deleted_count)
    print(client.d.list_collection_names(), sorted(d["n"] for d in client.d.c.find()))
    client.close()


if __name__ == "__main__":
    main()
