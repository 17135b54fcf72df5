# case: expect = await api.fetch_user(1)
# case: expect = await api.Client("c").load()
# case: expect = await load_all(2)
# case: expect api/_core.py = async def fetch(
# case: expect api/_client.py = await fetch(
# case: keep api/__init__.py
import api
from api import load_all


def main():
    print(api.fetch_user(1), api.Client("c").load(), load_all(2))
    print(api.VERSION)


if __name__ == "__main__":
    main()
