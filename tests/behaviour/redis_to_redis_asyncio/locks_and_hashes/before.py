# case: py < 3.12
# case: args = --seed all --unsafe
# case: expect = async with client.lock("job", timeout=5, blocking_timeout=1):
# case: expect = async with client.pipeline(transaction=True) as pipe:
import redis
from redis_stub import PORT


def work(client):
    with client.lock("job", timeout=5, blocking_timeout=1):
        client.hset("row", mapping={"a": "1", "b": "2"})
        other = client.lock("job", blocking=False)
        print(other.acquire(), client.hgetall("row"))
    again = client.lock("job", timeout=5)
    print(again.acquire(blocking=False), again.locked())
    again.release()


def main():
    client = redis.Redis(port=PORT, decode_responses=True)
    try:
        work(client)
        with client.pipeline(transaction=True) as pipe:
            pipe.incr("n").expire("n", 60)
            pipe.lpush("rows", "x", "y")
            print(pipe.execute())
        print(client.lrange("rows", 0, -1), client.zadd("z", {"a": 2, "b": 1}), client.zrange("z", 0, -1, withscores=True))
        print(client.blpop("rows", timeout=1), client.set("once", 1, nx=True), client.set("once", 2, nx=True))
        try:
            client.incr("row")
        except redis.ResponseError as error:
            print(type(error).__name__)
        script = client.register_script("return ARGV[1] * 2")
        print(script(args=[21]))
    finally:
        client.close()


if __name__ == "__main__":
    main()
