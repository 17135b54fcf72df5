from typing import Optional

import redis


class Store:
    def __init__(self, url: str, client: Optional["redis.Redis"] = None):
        self.client = client or redis.Redis.from_url(url, decode_responses=True)

    def get(self, key):
        return self.client.get(key)

    def put_all(self, items):
        with self.client.pipeline() as pipe:
            for key, value in items.items():
                pipe.set(key, value)
            return pipe.execute()

    def keys(self):
        return sorted(key for key in self.client.scan_iter("*"))

    def close(self):
        self.client.close()


def make(url) -> redis.Redis:
    return redis.Redis.from_url(url)


def size(client: redis.Redis) -> int:
    return client.dbsize()
