# case: expect = async with client.pipeline() as pipe:
import redis
from redis_stub import PORT


def visits(client, user):
    with client.pipeline() as pipe:
        pipe.incr(f"v:{user}")
        pipe.incr(f"v:{user}").expire(f"v:{user}", 60)
        return pipe.execute()


def main():
    with redis.Redis(port=PORT) as client:
        print(visits(client, "a"), visits(client, "b"))
        pipe = client.pipeline(transaction=False)
        for key in ("x", "y"):
            pipe.set(key, key)
        print(pipe.execute(), client.pipeline().get("x").get("y").execute())


if __name__ == "__main__":
    main()
