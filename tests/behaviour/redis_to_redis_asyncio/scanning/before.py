# case: expect = async for key in
import redis
from redis_stub import URL


def main():
    client = redis.from_url(URL, decode_responses=True)
    try:
        for name in "abc":
            client.set(f"k:{name}", name)
        total = []
        for key in client.scan_iter("k:*"):
            total.append(client.get(key))
        print(sorted(total), sorted(client.scan_iter("k:*")), len(list(client.scan_iter())))
        print(sorted(key for key in client.scan_iter("k:[ab]")), {client.get(key) for key in client.scan_iter("k:c")})
    finally:
        client.close()


if __name__ == "__main__":
    main()
