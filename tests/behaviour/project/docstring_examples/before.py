# case: expect counting.py = async def count(words):
# case: expect counting.py = >>> count("a b")
# Nothing runs the example: it is text, and the summary says that it must be awaited.
import counting


def main():
    print(counting.count("a b c"))


if __name__ == "__main__":
    main()
