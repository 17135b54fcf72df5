"""What a context manager of another module gives has a class, and so has what its property gives."""
# case: expect = await client.aircraft.get(
# case: expect = await store.get(
# case: expect = {}.get(
from helpers import Holder, session


def main():
    with session("a", print) as client:
        print(client.aircraft.get("id"))
    with session("", print) as client:
        print(client.aircraft.get("id"))
    with Holder().store() as store:
        print(store.get("x"))
    print({}.get("id"))


if __name__ == "__main__":
    main()
