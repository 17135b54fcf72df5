# case: expect = await client.get("a")
import redis
from redis_stub import URL


def main():
    client = redis.Redis.from_url(URL, decode_responses=True)
    client.set("a", 1)
    print(client.get("a"), client.incr("a"), client.exists("a", "b"))
    client.hset("h", mapping={"x": "1", "y": "2"})
    print(client.hgetall("h"), client.hget("h", "x") or "none", client.hget("h", "z") or "none")
    client.rpush("l", "1", "2", "3")
    print([item for item in client.lrange("l", 0, -1) if client.exists("a")])
    print(client.delete("a"), client.get("a"), client.ping())
    client.close()


if __name__ == "__main__":
    main()
