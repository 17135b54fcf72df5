# case: expect = async for page in Pages(3):
# case: expect = async for item in feed.pages:
# case: expect source.py = def __aiter__(self) -> "Pages":
# case: expect source.py = async def __anext__(self) -> str:
# case: expect source.py = raise StopAsyncIteration from None
# case: expect source.py = -> AsyncIterator[str]:
# case: reject source.py = raise StopIteration
from source import Feed, Pages


def main():
    for page in Pages(3):
        if page == "page 1":
            continue
        print(page)
    else:
        print("all")
    feed = Feed(2)
    for item in feed.pages:
        print(item)
        break
    print([item.upper() for item in feed if item])


if __name__ == "__main__":
    main()
