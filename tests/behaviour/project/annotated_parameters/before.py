# case: expect users.py = await client.get(1)
# case: expect users.py = await client.get(2)
# case: expect users.py = await client.get(3)
# case: expect users.py = await found.get(4)
# case: expect users.py = await client.get(5)
# case: reject users.py = await table.get(
import users
from client import Client


def main():
    client = Client()
    print(users.plain(client), users.optional(client), users.optional(), users.quoted(client))
    print(users.variable([client]), users.union(client), users.other({6: "six"}))


if __name__ == "__main__":
    main()
