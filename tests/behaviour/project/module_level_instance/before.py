# case: expect = await client.get("a")
# case: expect = await shared.client.get("b")
# case: expect shared.py = client = Client()
# case: keep shared.py
import shared
from shared import client


def main():
    print(client.get("a"), shared.client.get("b"), client.count)


if __name__ == "__main__":
    main()
