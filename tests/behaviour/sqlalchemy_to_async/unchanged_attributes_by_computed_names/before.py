# Which attribute is read is computed: it may be one that loads when it is read.
# case: args = --seed all --unsafe
# case: unchanged
from db import SessionLocal, setup
from models import Author

FIELDS = ("name", "books")


def main():
    setup()
    with SessionLocal() as s:
        a = s.get(Author, 1)
        for field in FIELDS:
            value = getattr(a, field)
            print(value if isinstance(value, str) else len(value))


main()
