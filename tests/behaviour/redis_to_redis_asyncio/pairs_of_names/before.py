# case: args = --seed all --unsafe
# case: expect = self.r, self.name = r, name
# case: expect = return await self.r.rpush(self.name, *items)
# case: expect = await fill(queue.r, *pair)
import redis
from redis_stub import URL


class Queue:
    def __init__(self, r: redis.Redis, name="q"):
        self.r, self.name = r, name

    def push(self, *items):
        return self.r.rpush(self.name, *items)

    def pop(self):
        return self.r.lpop(self.name)


def fill(r: redis.Redis, key, value):
    r.set(key, value)
    return r.get(key)


def main():
    queue = Queue(redis.Redis.from_url(URL, decode_responses=True))
    print(queue.push("a", "b"), queue.pop(), queue.pop(), queue.pop())
    queue.r.set("k", "v")
    print(queue.r.get("k"))
    for pair in [("x", "1"), ("y", "2")]:
        print(fill(queue.r, *pair))
    queue.r.close()


if __name__ == "__main__":
    main()
