# case: expect = await real.update(
# case: expect = client.update(b=2)
# case: reject = await client.update(
# case: reject = await client.get(
import time


class Client:
    def update(self, **values):
        time.sleep(0.001)
        return sorted(values)

    def get(self, key):
        time.sleep(0.001)
        return f"remote {key}"


def options():
    client = {"a": 1}
    client.update(b=2)
    return client, client.get("a")


def main():
    real = Client()
    print(options(), real.update(x=1), real.get("y"))


if __name__ == "__main__":
    main()
