# case: expect = async with session("a") as name
# case: expect = async with store.transaction(
# case: expect sessions.py = @asynccontextmanager
# case: expect sessions.py = async def session(
# case: expect sessions.py = AsyncIterator[str]
# case: reject sessions.py = import contextmanager
import sessions
from sessions import session


def main():
    with session("a") as name:
        print(name)
    store = sessions.Store()
    try:
        with store.transaction("t"):
            print("in", store.log)
            raise ValueError("x")
    except ValueError as error:
        print("out", error, store.log)


if __name__ == "__main__":
    main()
