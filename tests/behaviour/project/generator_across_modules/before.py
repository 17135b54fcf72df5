# case: expect = async for page in pages(
# case: expect = async for line in source.lines(
# case: expect pages.py = async def pages(
# case: expect pages.py = async def lines(
# case: reject pages.py = await pages(
import pages as source
from pages import pages


def main():
    for page in pages(2):
        print(page)
    print([line for line in source.lines(2)])


if __name__ == "__main__":
    main()
