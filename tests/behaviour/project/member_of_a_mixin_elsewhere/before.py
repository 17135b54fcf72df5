# case: expect worker.py = return await self.fetch_rows(2)
# case: expect rows.py = async def fetch_rows(
# `Worker` has a base of a library that knows nothing of the method: what it calls is its sibling's, which only the class that joins them shows.
from both import Both


def main():
    print(Both().work())


if __name__ == "__main__":
    main()
