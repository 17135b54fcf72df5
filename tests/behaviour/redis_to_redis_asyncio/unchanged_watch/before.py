# case: unchanged
import redis
from redis_stub import PORT


def main():
    client = redis.Redis(port=PORT)
    client["a"] = "1"
    print(client["a"])
    client.close()


if __name__ == "__main__":
    main()
