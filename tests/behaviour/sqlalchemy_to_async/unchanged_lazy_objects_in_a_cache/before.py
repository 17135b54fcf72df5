# case: args = --unsafe
# case: unchanged

from db import SessionLocal, setup
from models import Member


class Cache:
    def __init__(self):
        self.data = {}

    def get(self, session, key):
        if key not in self.data:
            self.data[key] = session.get(Member, key)
        return self.data[key]


cache = Cache()


def main():
    with SessionLocal() as session:
        print(cache.get(session, 1).team.name)
        print(cache.get(session, 1).tags[0].name)


if __name__ == "__main__":
    setup()
    main()
