# case: expect = AsyncMongoClient(URI)
# case: expect = async for document in await col.aggregate(
# case: expect = await client.close()
import asyncio

from mongo_stub import URI
from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorCollection
from pymongo.errors import InvalidOperation


async def fill(col: AsyncIOMotorCollection):
    await col.insert_one({"_id": 1, "n": "a"})
    return len((await col.insert_many([{"_id": 2, "n": "b"}, {"_id": 3, "n": "b"}])).inserted_ids)


async def main():
    client = AsyncIOMotorClient(URI)
    col = client["d"]["c"]
    print(await fill(col))
    print(await col.find_one({"_id": 1}), await col.find_one({"_id": 9}), await col.count_documents({"n": "b"}))
    async for document in col.find({"n": "b"}).sort("_id", -1):
        print(document["_id"])
    cursor = col.find().limit(2)
    print(await cursor.to_list(length=None), await col.find().to_list(1))
    async for document in col.aggregate([{"$match": {"n": "b"}}]):
        print(document)
    found = col.aggregate([{"$match": {"n": "a"}}])
    print(await found.to_list(length=5))
    print((await col.update_one({"_id": 1}, {"$set": {"n": "z"}})).modified_count)
    print((await col.delete_many({"n": "b"})).deleted_count, await client.d.list_collection_names())
    client.close()
    try:
        await col.find_one()
    except InvalidOperation:
        print("closed")


if __name__ == "__main__":
    asyncio.run(main())
