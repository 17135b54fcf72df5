# case: expect = async for message in channel.listen():
import redis
from redis_stub import PORT


def main():
    client = redis.Redis(port=PORT, decode_responses=True)
    with client.pubsub() as channel:
        channel.subscribe("news")
        print(channel.get_message(timeout=5)["type"])
        client.publish("news", "one")
        client.publish("news", "stop")
        for message in channel.listen():
            print(message["type"], message["data"])
            if message["data"] == "stop":
                break
    client.close()


if __name__ == "__main__":
    main()
