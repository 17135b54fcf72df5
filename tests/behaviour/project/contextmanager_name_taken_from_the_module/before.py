# case: expect sessions.py = from contextlib import asynccontextmanager, contextmanager
# case: keep other.py
import other
from sessions import session


def main():
    with session("a") as name:
        print(name)
    with other.plain() as text:
        print(text)


if __name__ == "__main__":
    main()
