# case: unchanged
import pickle

import redis
from redis_stub import PORT


def main():
    client = redis.Redis(port=PORT)
    tools = {"client": client}
    print(tools["client"].ping(), len(pickle.dumps([1])) > 1)
    client.close()


if __name__ == "__main__":
    main()
