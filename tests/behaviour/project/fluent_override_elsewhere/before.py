# case: may stay
# The override of `add` in `special.py` gives something else than the client, whose `get` is a plain function.
from client import Client
from special import Special


def use(client: Client):
    return client.add("x").get(1)


def main():
    print(use(Client()), use(Special()))


if __name__ == "__main__":
    main()
