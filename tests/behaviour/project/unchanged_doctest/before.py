# case: unchanged
# doctest calls the examples, and cannot await.
import doctest

import counting


def main():
    print(counting.count("a b c"))
    counter = counting.Counter()
    counter.add("abc")
    print(counter.total)


if __name__ == "__main__":
    main()
    print(doctest.testmod(counting))
